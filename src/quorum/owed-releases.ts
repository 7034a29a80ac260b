import pLimit from "p-limit";
import type { Claim } from "../core/claim.ts";
import type { Clock } from "../core/world.ts";
import type { LockNode } from "./lock-node.ts";

/** Between two looks whether a node is back: doubled from the first to the last. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;
/** What is sent at once to a node that has just come back. */
const concurrency = 16;
/** More are not kept; the oldest, which expire first, are dropped. */
const mostDebts = 5_000;

interface Debt {
  readonly claim: Claim;
  /** After that the node has forgotten the claim by itself. */
  readonly until: number;
}

/**
 * The releases that one node could not be told. They are told again when it is back, until the
 * claim's time is over; a tombstone goes with them, because the acquire may come even later.
 */
export class OwedReleases {
  readonly #node: LockNode;
  readonly #clock: Clock;
  #debts: Debt[] = [];
  #pauseMs = firstPauseMs;
  #isWaiting = false;
  #isClosed = false;

  constructor(node: LockNode, clock: Clock) {
    this.#node = node;
    this.#clock = clock;
  }

  get count(): number {
    return this.#debts.length;
  }

  owe(claim: Claim, until: number): void {
    if (this.#isClosed) return;
    this.#keep({ claim, until });
    this.#waitForNode();
  }

  close(): void {
    this.#isClosed = true;
    this.#debts = [];
  }

  #keep(debt: Debt): void {
    if (this.#isClosed) return;
    this.#debts.push(debt);
    if (this.#debts.length > mostDebts) this.#debts.shift();
  }

  #waitForNode(): void {
    if (this.#isWaiting || this.#debts.length === 0) return;
    this.#isWaiting = true;
    this.#clock.setTimer(this.#pauseMs, () => void this.#settle(), false);
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
  }

  async #settle(): Promise<void> {
    const now = this.#clock.now();
    const debts = this.#debts.filter((debt) => debt.until > now);
    this.#debts = [];
    const [first, ...others] = debts;
    if (first !== undefined && (await this.#pay(first))) {
      this.#pauseMs = firstPauseMs;
      if (others.length > 0) await pLimit(concurrency).map(others, (debt) => this.#pay(debt));
    } else {
      for (const debt of others) this.#keep(debt);
    }
    this.#isWaiting = false;
    this.#waitForNode();
  }

  /** Whether the node took it; what it did not take is owed again. */
  async #pay(debt: Debt): Promise<boolean> {
    const leftMs = Math.max(1, Math.ceil(debt.until - this.#clock.now()));
    try {
      await this.#node.release(debt.claim, leftMs);
      return true;
    } catch {
      // The node is still away; which error says so makes no difference.
      this.#keep(debt);
      return false;
    }
  }
}
