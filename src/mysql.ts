/**
 * One MySQL or MariaDB database as the authority, through a pool of the package `mysql2`.
 *
 * @module
 */
import type { BackendPromises } from "./core/backend-promises.ts";
import { expected, knownOptions, wholeNumber } from "./core/expectation.ts";
import type { LockBackend } from "./core/lock-backend.ts";
import { checkedNames, nameOptions, quotedNames, type MysqlNames } from "./mysql/names.ts";
import {
  isCallbackPool,
  MysqlConnections,
  serverName,
  type MysqlCallbackPool,
  type MysqlConnection,
  type MysqlPool,
} from "./mysql/pool.ts";
import { schemaTexts } from "./mysql/schema.ts";
import { MysqlStatements } from "./mysql/statements.ts";
import { adviceOn, numberOf, troubleOf } from "./mysql/trouble.ts";
import { Database } from "./sql/database.ts";
import { SqlBackend } from "./sql/sql-backend.ts";
import { systemWorld } from "./system/system-world.ts";

export type { MysqlCallbackPool, MysqlConnection, MysqlNames, MysqlPool };

export interface MysqlOptions extends MysqlNames {
  /**
   * For how long an answer is waited for, in milliseconds: 1 to 60 000, waiting for a connection of the pool
   * included. Never longer than half of the ttl.
   *
   * @defaultValue 2 000
   */
  readonly timeoutMs?: number | undefined;
}

const optionNames = [...nameOptions, "timeoutMs"];

/** What one MySQL or MariaDB promises, if it keeps what it has confirmed. */
const promises: BackendPromises = {
  authority: "one MySQL or MariaDB database",
  spareServers: 0,
  survives: ["restart", "clock-back"],
  clock: "server",
  fencing: "row",
  fairness: "none",
  wakeUp: "polling",
};

/**
 * A backend that is one database of MySQL 8 or MariaDB 10.5, or newer. The table has to be there: see
 * {@link migrate}.
 *
 * @param pool yours, of `mysql2` or `mysql2/promise`; it is used for single statements, and never closed. Its
 *   settings stay as they are.
 * @throws {TypeError | RangeError} for what is not a pool, and for options that cannot be.
 */
export function mysqlBackend(
  pool: MysqlPool | MysqlCallbackPool,
  options?: MysqlOptions,
): LockBackend {
  const promisePool = checkedPool(pool);
  const given: MysqlOptions = knownOptions(options, optionNames, "mysqlBackend");
  const { timeoutMs = 2_000 } = given;
  wholeNumber(timeoutMs, { name: "timeoutMs", least: 1, most: 60_000 });
  const world = systemWorld;
  const database = new Database({
    ...{ name: serverName(promisePool), pool: new MysqlConnections(promisePool) },
    ...{ clock: world.clock, trouble: troubleOf, advice: adviceOn },
  });
  const statements = new MysqlStatements(quotedNames(given));
  const onClose = (): Promise<void> => Promise.resolve();
  return new SqlBackend({ world, database, statements, promises, timeoutMs, onClose });
}

/** Error numbers of what is there already: a table, a procedure. */
const alreadyThere = new Set<unknown>([1050, 1304]);

/**
 * Makes the table and its procedures. Any number of processes may do so at the same time, and again; it needs
 * the right to create them. `schemaSql` has the same for a migration tool.
 */
export async function migrate(
  pool: MysqlPool | MysqlCallbackPool,
  options?: MysqlNames,
): Promise<void> {
  const texts = schemaTexts(checkedNames(options, "migrate"));
  const connection = await checkedPool(pool).getConnection();
  try {
    for (const sql of texts) {
      await connection.query({ sql }).catch((error: unknown) => {
        if (!alreadyThere.has(numberOf(error))) throw error;
      });
    }
  } finally {
    connection.release();
  }
}

/** The statements that `migrate` runs, one after the other. */
export function schemaSql(options?: MysqlNames): string[] {
  return schemaTexts(checkedNames(options, "schemaSql"));
}

function checkedPool(pool: unknown): MysqlPool {
  if (typeof pool === "object" && pool !== null) {
    if (isCallbackPool(pool)) return pool.promise();
    if ("getConnection" in pool && typeof pool.getConnection === "function") {
      return pool as MysqlPool;
    }
  }
  throw new TypeError(expected("pool", "a pool of the package mysql2", pool));
}
