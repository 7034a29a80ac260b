import type { Subscription } from "../../core/lock-backend.ts";
import type { Random } from "../../core/world.ts";
import type { NodeListener } from "../../quorum/lock-node.ts";
import type { Host } from "./host.ts";
import type { SimulatedProgram } from "./program.ts";
import type { Timeline } from "./timeline.ts";
import type { Weather } from "./way.ts";

export interface EarSurroundings {
  readonly program: SimulatedProgram;
  readonly host: Host;
  readonly timeline: Timeline;
  readonly random: Random;
  /** That of the way between the two. */
  readonly weather: Weather;
}

/** One that breaks is made anew after so many milliseconds, or twice as many. */
const reconnectMs = 20;
/** How many words get lost though the connection lasts. */
const lossRate = 0.05;

/** The connection on which a process hears a node. What is on its way when it breaks, or is cut, is lost. */
export class SimulatedEar implements Subscription {
  readonly #channel: string;
  readonly #listener: NodeListener;
  readonly #around: EarSurroundings;
  #isLive = false;
  #isStopped = false;
  #number = 0;

  constructor(channel: string, listener: NodeListener, around: EarSurroundings) {
    this.#channel = channel;
    this.#listener = listener;
    this.#around = around;
    around.host.whenCrashed(() => this.break());
    around.program.whenDead(() => this.stop());
    this.#connect(0);
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  stop(): void {
    this.#isStopped = true;
    this.#isLive = false;
    this.#around.host.server.listen(this.#channel, undefined);
  }

  break(): void {
    if (this.#isStopped) return;
    this.#number++;
    this.#around.host.server.listen(this.#channel, undefined);
    this.#become(false);
    this.#connect(reconnectMs);
  }

  #connect(pauseMs: number): void {
    const { timeline, random, weather, host } = this.#around;
    const number = this.#number;
    const afterMs = pauseMs * (1 + random.next()) + 3 * this.#delay();
    timeline.at(timeline.now + afterMs, () => {
      if (this.#isStopped || number !== this.#number) return;
      const isOpen = host.isUp && !weather.isCutThere && !weather.isCutBack;
      if (!isOpen) return this.#connect(reconnectMs);
      host.server.listen(this.#channel, (id) => this.#hear(id));
      this.#become(true);
    });
  }

  #hear(id: string): void {
    const { timeline, random, weather, program } = this.#around;
    const number = this.#number;
    if (random.next() < lossRate) return;
    timeline.at(timeline.now + this.#delay(), () => {
      const isLost = this.#isStopped || number !== this.#number || weather.isCutBack;
      if (!isLost) program.run(() => this.#listener.onTold(id));
    });
  }

  #become(isLive: boolean): void {
    if (this.#isLive === isLive) return;
    this.#isLive = isLive;
    this.#around.program.run(() => this.#listener.onChange());
  }

  #delay(): number {
    const { random, weather } = this.#around;
    return random.next() * weather.delayMs;
  }
}
