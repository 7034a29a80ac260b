import type { Timeline } from "./timeline.ts";

/** A clock that runs a little fast or slow, and can be set: of a program, or of a node. */
export class AdjustableClock {
  readonly #timeline: Timeline;
  #rate = 1;
  /** What it showed, in milliseconds, when it was last adjusted, and when that was. */
  #base: number;
  #since: number;

  constructor(timeline: Timeline, startsAt: number) {
    this.#timeline = timeline;
    this.#base = startsAt;
    this.#since = timeline.now;
  }

  now(): number {
    return this.#base + (this.#timeline.now - this.#since) * this.#rate;
  }

  /** Sets it forward or back. */
  step(ms: number): void {
    this.#base = this.now() + ms;
    this.#since = this.#timeline.now;
  }

  /** From now on it shows so many milliseconds for each that passes. */
  set rate(rate: number) {
    this.step(0);
    this.#rate = rate;
  }

  /** How long it takes, in true time, until it shows `ms` more. */
  trueMs(ms: number): number {
    return ms / this.#rate;
  }

  /** When it shows this, in true time, if nobody adjusts it. */
  trueTimeOf(reading: number): number {
    return this.#since + (reading - this.#base) / this.#rate;
  }
}
