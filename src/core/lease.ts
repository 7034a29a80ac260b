import { Appointment, type Agenda } from "./agenda.ts";
import type { RenewalGrid } from "./renewal-grid.ts";
import type { Clock } from "./world.ts";

/** Renewal starts when this part of the ttl has passed since the round that won it began. */
const renewalShare = 1 / 3;
/** When there are many, it may start earlier by this part of the ttl. */
const earlierShare = 1 / 6;
/** After a renewal that found no quorum, the next one follows after this part of the ttl. */
const retryShare = 1 / 10;

export interface Renewal {
  readonly ttlMs: number;
  readonly renew: boolean;
}

export interface LeaseTerms extends Renewal {
  readonly validUntil: number;
}

/** Where the times of many leases are kept. */
export interface LeaseTimes {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly renewals: RenewalGrid;
}

/** Whose lease it is. */
export interface LeaseHolder {
  /** It is time for a renewal. */
  renew(): void;
  /** The time is over. */
  expire(): void;
}

/** For how long something is held: by the clock, with an appointment for what has to be done next. */
export class Lease extends Appointment {
  readonly #times: LeaseTimes;
  readonly #holder: LeaseHolder;
  readonly #renews: boolean;
  #ttlMs: number;
  #longestTtlMs: number;
  #validUntil: number;
  /** Its place in the grid; Infinity: it has none. */
  #renewAt = Infinity;

  constructor({ ttlMs, validUntil, renew }: LeaseTerms, times: LeaseTimes, holder: LeaseHolder) {
    super();
    this.#times = times;
    this.#holder = holder;
    this.#renews = renew;
    this.#ttlMs = ttlMs;
    this.#longestTtlMs = ttlMs;
    this.#validUntil = validUntil;
    this.#planRenewal(validUntil - ttlMs * (1 - renewalShare), earlierShare);
  }

  get ttlMs(): number {
    return this.#ttlMs;
  }

  /** The longest ttl that any node may have been told: after so long it knows nothing of it. */
  get longestTtlMs(): number {
    return this.#longestTtlMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#validUntil - this.#times.clock.now());
  }

  get isOver(): boolean {
    return this.#times.clock.now() >= this.#validUntil;
  }

  /** From now on it is asked for with this ttl. */
  useTtl(ttlMs: number): void {
    this.#ttlMs = ttlMs;
    this.#longestTtlMs = Math.max(this.#longestTtlMs, ttlMs);
  }

  /** It was extended; it never gets shorter. */
  prolong(validUntil: number): void {
    this.#validUntil = Math.max(this.#validUntil, validUntil);
    this.#planRenewal(validUntil - this.#ttlMs * (1 - renewalShare), earlierShare);
  }

  /** A renewal came to nothing, and there is time left for another one. */
  retrySoon(): void {
    this.#planRenewal(this.#times.clock.now() + this.#ttlMs * retryShare, retryShare / 2);
  }

  /** Nothing has to be done any more. */
  end(): void {
    this.#leaveGrid();
    this.#times.agenda.cancel(this);
  }

  override due(): void {
    if (this.isOver) {
      this.#holder.expire();
      return;
    }
    if (this.#times.clock.now() >= this.#renewAt) {
      // The next one is planned when this one is answered.
      this.#leaveGrid();
      this.#holder.renew();
    }
    this.#schedule();
  }

  #planRenewal(latest: number, mayBeEarlier: number): void {
    this.#leaveGrid();
    const ttlMs = this.#ttlMs;
    if (this.#renews)
      this.#renewAt = this.#times.renewals.enter(latest, latest - ttlMs * mayBeEarlier, ttlMs);
    this.#schedule();
  }

  #leaveGrid(): void {
    if (this.#renewAt !== Infinity) this.#times.renewals.leave(this.#renewAt);
    this.#renewAt = Infinity;
  }

  #schedule(): void {
    this.#times.agenda.schedule(this, Math.min(this.#renewAt, this.#validUntil));
  }
}
