import { ConfigurationError } from "../core/error.ts";
import { deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock } from "../core/world.ts";
import {
  DatabaseError,
  type ConnectionPool,
  type PooledConnection,
  type Statement,
  type Trouble,
} from "./connection-pool.ts";

export interface DatabaseOptions {
  /** What it is called in votes. */
  readonly name: string;
  readonly pool: ConnectionPool;
  readonly clock: Clock;
  /** What an error means with which the pool or a connection rejects. */
  readonly trouble: (error: unknown) => Trouble;
  /** What to tell the human who has to act. */
  readonly advice: (error: unknown) => string;
}

export interface Terms {
  readonly timeoutMs: number;
  /** Asked right before it is sent: what nobody wants any more is not sent. */
  readonly isWanted?: () => boolean;
  /** Told when the statement may be carried out later than it is answered. */
  readonly onDoubt?: () => void;
}

/** After a restart as many connections of a pool may be broken. */
const mostBroken = 20;

/** One database behind a pool, with deadlines of our own. */
export class Database {
  readonly name: string;
  readonly #options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /**
   * Runs one statement, which is a transaction of its own and can be sent twice: it does the same again.
   *
   * @throws {DatabaseError} when there is no answer in time, or an error.
   * @throws {ConfigurationError} when a human has to act.
   */
  async ask(statement: Statement, terms: Terms): Promise<string> {
    const { trouble, clock } = this.#options;
    const deadline = clock.now() + terms.timeoutMs;
    for (let brokenLeft = mostBroken; ;) {
      const connection = await this.#connect(deadline, terms);
      try {
        return await this.#run(connection, statement, deadline, terms);
      } catch (error) {
        if (error instanceof DatabaseError) throw error;
        const kind = trouble(error);
        const isBroken = kind === "broken" && brokenLeft-- > 0;
        const isOver = clock.now() >= deadline;
        if (isOver || (kind !== "conflict" && !isBroken)) throw this.#explained(error);
      }
    }
  }

  async #connect(deadline: number, { timeoutMs }: Terms): Promise<PooledConnection> {
    const connecting = this.#options.pool.connect();
    const late = (): DatabaseError => {
      // It comes too late: it goes back as it is.
      connecting.then((connection) => connection.release(false)).catch(() => {});
      return new DatabaseError("timeout", `no connection within ${timeoutMs} ms`);
    };
    try {
      return await this.#within(deadline, connecting, late);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  async #run(
    connection: PooledConnection,
    statement: Statement,
    deadline: number,
    { timeoutMs, isWanted, onDoubt }: Terms,
  ): Promise<string> {
    let isBroken = false;
    try {
      if (isWanted?.() === false) throw new DatabaseError("withdrawn", "was not sent");
      return await this.#within(deadline, connection.run(statement), () => {
        isBroken = true;
        return new DatabaseError("timeout", `no answer within ${timeoutMs} ms`);
      });
    } catch (error) {
      // What was rolled back leaves the connection as it was; anything else may still be under way.
      const isRolledBack = (["conflict", "misconfigured"] as const).some(
        (kind) => kind === this.#options.trouble(error),
      );
      isBroken ||= !(error instanceof DatabaseError) && !isRolledBack;
      throw error;
    } finally {
      if (isBroken) onDoubt?.();
      connection.release(isBroken);
    }
  }

  /** The promise's outcome, or what `late` makes of it when the time is over first. */
  async #within<T>(deadline: number, promise: Promise<T>, late: () => DatabaseError): Promise<T> {
    const { clock } = this.#options;
    const tooLate = deferred<never>();
    const leftMs = Math.max(0, deadline - clock.now());
    const timer = setPatientTimer(clock, leftMs, () => tooLate.reject(late()), true);
    try {
      return await Promise.race([promise, tooLate.promise]);
    } finally {
      timer.cancel();
    }
  }

  #explained(error: unknown): Error {
    if (error instanceof DatabaseError) return error;
    const trouble = this.#options.trouble(error);
    if (trouble === "misconfigured") {
      return new ConfigurationError(`${this.name}: ${this.#options.advice(error)}`);
    }
    const message = error instanceof Error && error.message !== "" ? error.message : String(error);
    const reason = trouble === "conflict" ? "conflict" : (codeOf(error) ?? "error");
    return new DatabaseError(reason, message, error);
  }
}

/** The word that databases and sockets have for an error: an SQLSTATE, `ECONNREFUSED` … */
export function codeOf(error: unknown): string | undefined {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
