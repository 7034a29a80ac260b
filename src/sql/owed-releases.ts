import type { Claim } from "../core/claim.ts";
import type { Clock } from "../core/world.ts";

/** Between two looks whether the database is back: doubled from the first to the last. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;
/** More are not kept; the oldest are dropped. */
const mostDebts = 10_000;

export interface Debt {
  readonly claim: Claim;
  /** What is left of the claim's time when it is told. */
  readonly ttlMs: number;
  /**
   * After that the lock is over by itself. Infinity for an acquire that may still be on its way: a frozen
   * database carries it out when it goes on, however long that takes.
   */
  readonly until: number;
}

/** Tells the database; resolves to whether it could be told. */
export type Payment = (debt: Debt) => Promise<boolean>;

/** What the database could not be told. It is told again, one after the other, when it is back. */
export class OwedReleases {
  readonly #pay: Payment;
  readonly #clock: Clock;
  #debts: Debt[] = [];
  #pauseMs = firstPauseMs;
  #isPaying = false;
  #isClosed = false;

  constructor(pay: Payment, clock: Clock) {
    this.#pay = pay;
    this.#clock = clock;
  }

  get count(): number {
    return this.#debts.length;
  }

  owe(debt: Debt): void {
    if (this.#isClosed) return;
    this.#debts.push(debt);
    if (this.#debts.length > mostDebts) this.#debts.shift();
    this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    this.#debts = [];
  }

  #plan(): void {
    if (this.#isPaying || this.#debts.length === 0) return;
    this.#isPaying = true;
    this.#clock.setTimer(this.#pauseMs, () => void this.#payAll(), false);
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  async #payAll(): Promise<void> {
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      if (!(await this.#pay(first))) break;
      this.#debts = this.#debts.filter((debt) => debt !== first);
      this.#pauseMs = firstPauseMs;
    }
    this.#isPaying = false;
    this.#plan();
  }

  #first(): Debt | undefined {
    const now = this.#clock.now();
    this.#debts = this.#debts.filter((debt) => debt.until > now);
    return this.#debts[0];
  }
}
