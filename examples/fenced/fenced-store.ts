/**
 * What a lock protects, if it takes part: it remembers the newest fencing token that it has seen.
 */
export interface FencedStore {
  /**
   * Shuts out every older token, and only then reads. The first thing that a new holder does: what
   * it read before its claim can still be overwritten by the holder before it.
   *
   * @returns the balance; 0 for an account that is new.
   * @throws {StaleTokenError} when a newer token has been here.
   */
  claim(id: string, fencingToken: number): Promise<number>;
  /**
   * Compares the token and writes, in one step: nothing can come between.
   *
   * @throws {StaleTokenError} when a newer token has been here. Nothing was written.
   */
  write(id: string, change: Change): Promise<void>;
}

export interface Change {
  readonly balance: number;
  readonly fencingToken: number;
}

/** Somebody else has been granted the lock since. Stop; what was read before is out of date. */
export class StaleTokenError extends Error {
  override readonly name = "StaleTokenError";

  constructor(id: string, fencingToken: number) {
    super(`${id}: refused, a newer token than ${fencingToken} has been here`);
  }
}
