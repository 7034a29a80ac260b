import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock, Timer } from "../core/world.ts";
import { Breaker } from "./breaker.ts";

/** A connection on which nothing was answered for so long, though something was asked, is given up. */
export const stallMs = 2_000;

/** One that has answered nothing for so long, and longer than a round takes, is not asked meanwhile. */
const leastSilentMs = 500;

/** @param roundTimeoutMs for how long a round waits. */
export function silentMsFor(roundTimeoutMs: number): number {
  return Math.min(Math.max(leastSilentMs, roundTimeoutMs), stallMs);
}

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
  readonly #breaker: Breaker;
  #inFlight = 0;
  #hasAnswered = false;
  #silentLooks = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, times: StallTimes, breaker: Breaker = new Breaker()) {
    this.#clock = clock;
    this.#times = times;
    this.#breaker = breaker;
  }

  /** How many calls are unanswered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether nothing at all was answered for `silentMs` or longer, though something was asked. */
  get isSilent(): boolean {
    return this.#breaker.isOpen;
  }

  sent(count = 1): void {
    this.#inFlight += count;
    if (this.#timer === undefined) this.#lookLater();
  }

  answered(count = 1): void {
    this.#inFlight -= count;
    this.#hasAnswered = true;
    this.#breaker.onAnswer();
  }

  /** They will not be answered: the connection is gone. */
  lost(count = 1): void {
    this.#inFlight -= count;
    this.#hasAnswered = true;
    this.#breaker.onReconnect();
  }

  #lookLater(): void {
    this.#hasAnswered = false;
    this.#timer = setPatientTimer(this.#clock, this.#times.silentMs, () => this.#look(), false);
  }

  #look(): void {
    const { silentMs, stallMs, onStall } = this.#times;
    this.#timer = undefined;
    if (this.#hasAnswered || this.#inFlight === 0) {
      this.#silentLooks = 0;
      this.#breaker.onCalm();
    } else this.#breaker.onSilence(++this.#silentLooks, silentMs);
    if (this.#inFlight === 0) return;
    const isOver = this.#silentLooks * silentMs >= stallMs;
    this.#lookLater();
    if (!isOver) return;
    this.#silentLooks = 0;
    this.#breaker.onReconnect();
    onStall();
  }
}
