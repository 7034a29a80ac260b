/**
 * Time, chance and identity, as `core` and `quorum` see them. The real ones live in `system`,
 * simulated ones in `testing`; nothing else may touch the clock or roll dice.
 */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  /** Who this process is, for those who ask a node who holds a lock. */
  readonly process: ProcessIdentity;
}

/** A clock for measuring elapsed time. It has no relation to the time of day. */
export interface Clock {
  /**
   * Milliseconds (fractions included) since an arbitrary origin. Never runs backwards, and counts
   * the time for which the machine was suspended.
   */
  now(): number;
  /**
   * Calls `fire` once, `delayMs` from now or later.
   *
   * @param keepAlive whether the process may not end before: `true` for somebody who waits,
   *   `false` for housekeeping.
   */
  setTimer(delayMs: number, fire: () => void, keepAlive: boolean): Timer;
}

export interface Timer {
  /** The timer will not fire. Harmless when it has fired. */
  cancel(): void;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An identifier that nobody else in the world has: 22 characters of `A-Z a-z 0-9 _ -`. */
  id(): string;
}

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
}
