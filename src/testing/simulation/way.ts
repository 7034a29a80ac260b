import type { Random } from "../../core/world.ts";
import type { Hearing, Link } from "../../memory/memory-node.ts";
import { NodeError, NotAsked } from "../../quorum/lock-node.ts";
import { SimulatedEar } from "./ear.ts";
import type { Host } from "./host.ts";
import type { SimulatedProgram } from "./program.ts";
import type { Timeline } from "./timeline.ts";

export interface Weather {
  /** The longest that a message takes, in milliseconds, one way. */
  delayMs: number;
  /** Messages in this direction do not arrive until it is over. */
  isCutThere: boolean;
  isCutBack: boolean;
}

interface Pending {
  readonly fail: () => void;
}

/** A connection that breaks is made anew after so many milliseconds. */
const reconnectMs = 20;
/** So long after it was cut, the client gives a connection up. */
const givenUpMs = 400;

/**
 * The way from one process to one node. What is sent over one connection arrives in its order; what was
 * sent over a broken one may arrive later, behind what is sent over the next, or twice, or never.
 */
export class Way {
  readonly weather: Weather = { delayMs: 2, isCutThere: false, isCutBack: false };
  readonly #program: SimulatedProgram;
  readonly #host: Host;
  readonly #timeline: Timeline;
  readonly #random: Random;
  #ear: SimulatedEar | undefined;
  #number = 0;
  #isConnected = true;
  #lastThere = 0;
  #lastBack = 0;
  readonly #pending = new Set<Pending>();
  /** Messages that wait for the cut to be over. */
  #held: (() => void)[] = [];

  constructor(program: SimulatedProgram, host: Host, timeline: Timeline, random: Random) {
    this.#program = program;
    this.#host = host;
    this.#timeline = timeline;
    this.#random = random;
    host.whenCrashed(() => this.#break());
  }

  readonly link: Link = (act) => {
    if (!this.#isConnected || !this.#host.isUp) {
      return Promise.reject(new NotAsked("disconnected", "not connected"));
    }
    const number = this.#number;
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new NodeError("disconnected", "the connection was lost"));
      const pending: Pending = { fail };
      this.#pending.add(pending);
      const arrive = (): void => {
        this.#host.handle(() => {
          const settle = outcome(() => act(this.#host.server), resolve, reject);
          if (number === this.#number) this.#answer(pending, settle);
        });
      };
      this.#send(arrive);
    });
  };

  /** Over a connection of its own. */
  readonly hearing: Hearing = (channel, listener) => {
    const around = {
      program: this.#program,
      host: this.#host,
      timeline: this.#timeline,
      random: this.#random,
      weather: this.weather,
    };
    this.#ear = new SimulatedEar(channel, listener, around);
    return this.#ear;
  };

  /** Nothing passes in these directions until `mend`. */
  cut(there: boolean, back: boolean): void {
    this.weather.isCutThere ||= there;
    this.weather.isCutBack ||= back;
    const number = this.#number;
    this.#timeline.at(this.#timeline.now + givenUpMs, () => {
      const isCut = this.weather.isCutThere || this.weather.isCutBack;
      if (isCut && number === this.#number && this.#pending.size > 0) this.#break();
    });
  }

  mend(): void {
    this.weather.isCutThere = false;
    this.weather.isCutBack = false;
    for (const deliver of this.#held.splice(0)) this.#timeline.at(this.#timeline.now, deliver);
  }

  /** It is reset. What was on its way there arrives all the same, now and then, once or twice. */
  reset(): void {
    this.#ear?.break();
    this.#break();
  }

  #send(arrive: () => void): void {
    const number = this.#number;
    const deliver = (): void => {
      const isLost = number !== this.#number && this.#random.next() < 0.3;
      if (this.weather.isCutThere) this.#held.push(deliver);
      else if (!isLost) arrive();
    };
    this.#lastThere = Math.max(this.#lastThere, this.#timeline.now + this.#delay());
    this.#timeline.at(this.#lastThere, deliver);
    // A copy, for those that are behind when the connection breaks.
    const isCopied = this.#random.next() < 0.01;
    if (isCopied) this.#timeline.at(this.#lastThere + 500 * this.#random.next(), deliver);
  }

  #answer(pending: Pending, settle: () => void): void {
    const number = this.#number;
    const deliver = (): void => {
      if (number !== this.#number) return;
      if (this.weather.isCutBack) {
        this.#held.push(deliver);
        return;
      }
      this.#pending.delete(pending);
      this.#program.run(settle);
    };
    this.#lastBack = Math.max(this.#lastBack, this.#timeline.now + this.#delay());
    this.#timeline.at(this.#lastBack, deliver);
  }

  #break(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#number++;
    this.#lastThere = 0;
    this.#lastBack = 0;
    for (const { fail } of this.#pending) this.#program.run(fail);
    this.#pending.clear();
    const pauseMs = reconnectMs * (1 + this.#random.next());
    this.#timeline.at(this.#timeline.now + pauseMs, () => void (this.#isConnected = true));
  }

  #delay(): number {
    return this.#random.next() * this.weather.delayMs;
  }
}

function outcome<T>(
  act: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const value = act();
    return () => resolve(value);
  } catch (error) {
    return () => reject(error);
  }
}
