import { deferred, type Deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock } from "../core/world.ts";

/**
 * Statements travel over several connections, and overtake each other. Grants are handed out in the order in
 * which they were asked for all the same, as far as that costs nobody much of his time.
 */
export class Turns {
  readonly #clock: Clock;
  #latest: Turn | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(): Turn {
    this.#latest = new Turn(this.#clock, this.#latest);
    return this.#latest;
  }
}

export class Turn {
  readonly #clock: Clock;
  readonly #over: Deferred<void> = deferred();
  #previous: Turn | undefined;
  #isOver = false;

  constructor(clock: Clock, previous: Turn | undefined) {
    this.#clock = clock;
    this.#previous = previous;
  }

  /** Resolves when the one before is over, or after so many milliseconds. */
  async comes(mostMs: number): Promise<void> {
    const previous = this.#previous;
    if (previous === undefined || previous.#isOver) return;
    const enough = deferred<void>();
    const timer = setPatientTimer(this.#clock, mostMs, enough.resolve, true);
    await Promise.race([previous.#over.promise, enough.promise]);
    timer.cancel();
  }

  end(): void {
    this.#isOver = true;
    this.#previous = undefined;
    this.#over.resolve();
  }
}
