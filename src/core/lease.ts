import type { Agenda, Appointment } from "./agenda.ts";
import type { Clock } from "./world.ts";

/** Renewal starts when this part of the ttl has passed since the round that won it began. */
const renewalShare = 1 / 3;
/** After a renewal that found no quorum, the next one follows after this part of the ttl. */
const retryShare = 1 / 10;

export interface LeaseTerms {
  readonly ttlMs: number;
  readonly validUntil: number;
  readonly renew: boolean;
}

export interface LeaseEvents {
  /** It is time for a renewal. */
  readonly onRenewal: () => void;
  /** The time is over. */
  readonly onExpiry: () => void;
}

/** For how long something is held: by the clock, with an appointment for what has to be done next. */
export class Lease {
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #renew: boolean;
  readonly #events: LeaseEvents;
  readonly #nextStep: Appointment;
  #ttlMs: number;
  #longestTtlMs: number;
  #validUntil: number;
  #renewAt: number;

  constructor(terms: LeaseTerms, clock: Clock, agenda: Agenda, events: LeaseEvents) {
    this.#clock = clock;
    this.#agenda = agenda;
    this.#renew = terms.renew;
    this.#events = events;
    this.#ttlMs = terms.ttlMs;
    this.#longestTtlMs = terms.ttlMs;
    this.#validUntil = terms.validUntil;
    this.#renewAt = renewalTime(terms.validUntil, terms.ttlMs);
    this.#nextStep = agenda.prepare(() => this.#step());
    this.#schedule();
  }

  get ttlMs(): number {
    return this.#ttlMs;
  }

  /** The longest ttl that any node may have been told: after so long it knows nothing of it. */
  get longestTtlMs(): number {
    return this.#longestTtlMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#validUntil - this.#clock.now());
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.#validUntil;
  }

  /** From now on it is asked for with this ttl. */
  useTtl(ttlMs: number): void {
    this.#ttlMs = ttlMs;
    this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs);
  }

  /** It was extended; it never gets shorter. */
  prolong(validUntil: number): void {
    this.#validUntil = Math.max(this.#validUntil, validUntil);
    this.#renewAt = renewalTime(validUntil, this.#ttlMs);
    this.#schedule();
  }

  /** A renewal came to nothing, and there is time left for another one. */
  retrySoon(): void {
    this.#renewAt = this.#clock.now() + this.#ttlMs * retryShare;
    this.#schedule();
  }

  /** Nothing has to be done any more. */
  end(): void {
    this.#agenda.cancel(this.#nextStep);
  }

  #step(): void {
    if (this.isOver) {
      this.#events.onExpiry();
      return;
    }
    if (this.#renew && this.#clock.now() >= this.#renewAt) {
      // The next one is planned when this one is answered.
      this.#renewAt = Infinity;
      this.#events.onRenewal();
    }
    this.#schedule();
  }

  #schedule(): void {
    const at = this.#renew ? Math.min(this.#renewAt, this.#validUntil) : this.#validUntil;
    this.#agenda.schedule(this.#nextStep, at);
  }
}

function renewalTime(validUntil: number, ttlMs: number): number {
  return validUntil - ttlMs * (1 - renewalShare);
}
