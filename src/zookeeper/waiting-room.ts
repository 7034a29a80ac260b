import { deferred, type Deferred } from "../core/deferred.ts";
import type { Clock } from "../core/world.ts";
import { UnreachableError } from "./session-problem.ts";

/** Where calls wait for a connection. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiting = new Set<Deferred<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @throws {UnreachableError} at the deadline. */
  async enter(deadline: number): Promise<void> {
    const wait = deferred<void>();
    const giveUp = (): void => wait.reject(new UnreachableError("no server answered in time"));
    const leftMs = Math.max(0, deadline - this.#clock.now());
    const timer = this.#clock.setTimer(leftMs, giveUp, true);
    this.#waiting.add(wait);
    try {
      await wait.promise;
    } finally {
      timer.cancel();
      this.#waiting.delete(wait);
    }
  }

  admit(): void {
    for (const wait of this.#waiting) wait.resolve();
  }

  dismiss(error: Error): void {
    for (const wait of this.#waiting) wait.reject(error);
  }
}
