import type { Mode } from "./claim.ts";

/** A lock that was granted. `await using` releases it at the end of the block. */
export interface Lock extends AsyncDisposable {
  /** What was asked for; several resources joined by `", "`. */
  readonly name: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
  /**
   * Unique for every acquisition. It proves to the nodes who holds the lock; one that went on from a request
   * to the next within a manager they know by the owner of the first.
   */
  readonly owner: string;
  /**
   * A number that grows with every grant of a resource, microseconds since 1970 or a little more: a safe
   * integer until the year 2255. Give it to what the lock protects, which refuses smaller ones than it
   * has seen. One for all resources of this lock. See `docs/GUARANTEES.md`.
   */
  readonly fencingToken: number;
  /** How many nodes granted it, or its last extension. */
  readonly votes: number;
  /** Milliseconds of validity that are left at the moment of asking; 0 when it is not held. */
  readonly remainingMs: number;
  /** Whether it is held at the moment of asking: by the clock, not by memory. */
  readonly held: boolean;
  /** Aborts with a {@link LockLostError} when the lock is lost, no later than its validity ends. */
  readonly signal: AbortSignal;
  /**
   * Makes the lock last for at least `ttlMs` from now on, and renewals use that ttl. It never
   * makes it shorter.
   *
   * @param ttlMs milliseconds; the ttl that it has when left out.
   * @throws {LockLostError} when it is not held any more.
   * @throws {QuorumError} when too few nodes answered; it is then held as long as before.
   */
  extend(ttlMs?: number): Promise<void>;
  /**
   * Gives it back. Never rejects; a second call gives the first one's answer.
   *
   * @returns whether it was held until now: `false` when it had been lost.
   */
  release(): Promise<boolean>;
}

/** One entry of `LockManager.query()`. */
export interface LockInfo {
  readonly name: string;
  readonly mode: Mode;
  readonly clientId: string;
}

/** What `LockManager.query()` resolves to. */
export interface LockManagerSnapshot {
  readonly held: LockInfo[];
  readonly pending: LockInfo[];
}
