import type { Subscription } from "../core/lock-backend.ts";
import type { Clock, Timer } from "../core/world.ts";
import type { NodeListener } from "../quorum/lock-node.ts";
import type { IoredisConnection } from "./ioredis.ts";

export interface EarOptions {
  readonly channel: string;
  readonly clock: Clock;
  readonly listener: NodeListener;
}

/** A server that lets nobody listen is asked again after so long, in milliseconds. */
const refusedPauseMs = 10_000;

/**
 * A connection on which one server tells who of this process may come in. It comes back when it is lost.
 * Beside that for scripts: a connection that listens takes no other commands.
 */
export class Ear implements Subscription {
  readonly channel: string;
  readonly #client: IoredisConnection;
  readonly #options: EarOptions;
  #isLive = false;
  #isStopped = false;
  #timer: Timer | undefined;

  constructor(client: IoredisConnection, options: EarOptions) {
    this.#client = client;
    this.#options = options;
    this.channel = options.channel;
    client.on("ready", () => void this.#subscribe());
    client.on("close", () => this.#become(false));
    client.on("message", (_: string, word: string) => {
      if (!this.#isStopped) options.listener.onTold(word);
    });
    // What is wrong shows in `isLive`; without a listener ioredis would print it.
    client.on("error", () => {});
    client.connect().catch(() => {});
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  stop(): void {
    this.#isStopped = true;
    this.#isLive = false;
    this.#timer?.cancel();
    this.#client.disconnect();
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#client.subscribe(this.channel);
      this.#become(this.#client.status === "ready");
    } catch {
      // The user may not, or the connection was lost: then it is ready once more by itself.
      this.#timer?.cancel();
      this.#timer = this.#options.clock.setTimer(refusedPauseMs, () => this.#askAgain(), false);
    }
  }

  #askAgain(): void {
    const isIdle = !this.#isStopped && !this.#isLive && this.#client.status === "ready";
    if (isIdle) void this.#subscribe();
  }

  #become(isLive: boolean): void {
    if (this.#isStopped || isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.#options.listener.onChange();
  }
}
