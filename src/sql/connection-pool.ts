/** A pool of connections to one database, whichever client library it is from. */
export interface ConnectionPool {
  /** Resolves to a connection that nobody else uses; may take as long as it likes. */
  connect(): Promise<PooledConnection>;
}

export interface PooledConnection {
  /** Runs one statement; resolves to the text in the only column of its first row. */
  run(statement: Statement): Promise<string>;
  /** Gives it back; one that is broken is thrown away. Called once. */
  release(isBroken: boolean): void;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * What an error of a database means:
 *
 * - `conflict`: others were in the way, nothing was done, and it can be sent again at once;
 * - `broken`: the connection is gone; it may or may not have happened, and can be sent over another one;
 * - `misconfigured`: nothing was done, and a human has to act;
 * - `unknown`: it may or may not have happened.
 */
export type Trouble = "conflict" | "broken" | "misconfigured" | "unknown";

/** There was no answer. */
export class DatabaseError extends Error {
  /** As in `UnknownVote.reason`. */
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DatabaseError";
    this.reason = reason;
  }
}
