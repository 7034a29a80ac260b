import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock } from "../core/world.ts";

/**
 * Notices a server that was asked and does not answer. It looks once in a while, and only while
 * something is in flight: what is sent and answered in between costs no timer and no clock reading.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #stallMs: number;
  readonly #onStall: () => void;
  #inFlight = 0;
  #answerCount = 0;
  #isLooking = false;

  /** @param stallMs silence of so long is a stall; it is noticed at the latest after twice as long. */
  constructor(clock: Clock, stallMs: number, onStall: () => void) {
    this.#clock = clock;
    this.#stallMs = stallMs;
    this.#onStall = onStall;
  }

  sent(count = 1): void {
    this.#inFlight += count;
    if (!this.#isLooking) this.#lookLater();
  }

  answered(count = 1): void {
    this.#inFlight -= count;
    this.#answerCount++;
  }

  #lookLater(): void {
    this.#isLooking = true;
    const answersBefore = this.#answerCount;
    const look = (): void => {
      this.#isLooking = false;
      if (this.#inFlight === 0) return;
      if (this.#answerCount === answersBefore) this.#onStall();
      else this.#lookLater();
    };
    setPatientTimer(this.#clock, this.#stallMs, look, false);
  }
}
