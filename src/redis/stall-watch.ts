import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock, Timer } from "../core/world.ts";

export interface StallTimes {
  /** Silence of so long, in milliseconds, is a server that is asked no more until it answers. */
  readonly silentMs: number;
  /** Silence of so long is a connection that is given up. */
  readonly stallMs: number;
  readonly onStall: () => void;
}

/**
 * Notices a server that was asked and does not answer. It looks once in a while, and only while
 * something is in flight: what is sent and answered in between costs no timer and no clock reading. So
 * both are noticed up to `silentMs` late, never early.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #times: StallTimes;
  #inFlight = 0;
  #hasAnswered = false;
  #silentLooks = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, times: StallTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** How many calls are unanswered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether nothing at all was answered for `silentMs`, though something was asked. */
  get isSilent(): boolean {
    return this.#silentLooks > 0 && !this.#hasAnswered;
  }

  sent(count = 1): void {
    this.#inFlight += count;
    if (this.#timer === undefined) this.#lookLater();
  }

  answered(count = 1): void {
    this.#inFlight -= count;
    this.#hasAnswered = true;
  }

  #lookLater(): void {
    this.#hasAnswered = false;
    this.#timer = setPatientTimer(this.#clock, this.#times.silentMs, () => this.#look(), false);
  }

  #look(): void {
    const { silentMs, stallMs, onStall } = this.#times;
    this.#timer = undefined;
    this.#silentLooks = this.#hasAnswered || this.#inFlight === 0 ? 0 : this.#silentLooks + 1;
    if (this.#inFlight === 0) return;
    const isOver = this.#silentLooks * silentMs >= stallMs;
    if (isOver) this.#silentLooks = 0;
    this.#lookLater();
    if (isOver) onStall();
  }
}
