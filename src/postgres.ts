/**
 * One PostgreSQL database as the authority, through a pool of the package `pg`.
 *
 * @module
 */
import type { BackendPromises } from "./core/backend-promises.ts";
import { expected, knownOptions, optionalBoolean, wholeNumber } from "./core/expectation.ts";
import type { LockBackend } from "./core/lock-backend.ts";
import { Listener } from "./postgres/listener.ts";
import { checkedNames, nameOptions, quotedNames, type PostgresNames } from "./postgres/names.ts";
import {
  PostgresConnections,
  serverName,
  type PostgresClient,
  type PostgresPool,
} from "./postgres/pool.ts";
import { migrationText, schemaText } from "./postgres/schema.ts";
import { PostgresStatements } from "./postgres/statements.ts";
import { adviceOn, troubleOf } from "./postgres/trouble.ts";
import { Database } from "./sql/database.ts";
import { SqlBackend } from "./sql/sql-backend.ts";
import { systemWorld } from "./system/system-world.ts";

export type { PostgresClient, PostgresNames, PostgresPool };

export interface PostgresOptions extends PostgresNames {
  /**
   * For how long an answer is waited for, in milliseconds: 1 to 60 000, waiting for a connection of the pool
   * included. Never longer than half of the ttl.
   *
   * @defaultValue 2 000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether those who wait are told by `NOTIFY` when something is free, over one connection beside the pool.
   * Switch it off behind a pooler that does not keep sessions (PgBouncer's transaction mode): waiting is
   * then done by asking again.
   *
   * @defaultValue true
   */
  readonly notify?: boolean | undefined;
}

const optionNames = [...nameOptions, "timeoutMs", "notify"];

/** What one PostgreSQL promises, if it keeps what it has confirmed. */
const promises: BackendPromises = {
  authority: "one PostgreSQL database",
  spareServers: 0,
  survives: ["restart", "clock-back"],
  clock: "server",
  fencing: "row",
  fairness: "none",
  wakeUp: "notice",
};

/**
 * A backend that is one PostgreSQL database, version 11 or newer. The table has to be there: see
 * {@link migrate}.
 *
 * @param pool yours; it is used for single statements, and never closed. Its settings stay as they are.
 * @throws {TypeError | RangeError} for what is not a pool, and for options that cannot be.
 */
export function postgresBackend(pool: PostgresPool, options?: PostgresOptions): LockBackend {
  checkPool(pool);
  const { timeoutMs = 2_000, notify, ...given } = checkedOptions(options);
  const names = quotedNames(given);
  const world = systemWorld;
  const connections = new PostgresConnections(pool);
  const name = serverName(pool);
  const database = new Database({
    ...{ name, pool: connections, clock: world.clock },
    ...{ trouble: troubleOf, advice: adviceOn },
  });
  const { channel } = names;
  const tell = (payload: string): Promise<string> => {
    const text = "SELECT count(pg_notify($1, $2))::text";
    return database.ask({ text, values: [channel, payload] }, { timeoutMs });
  };
  const listener = notify ? Listener.on(pool, { world, channel, tell }) : undefined;
  return new SqlBackend({
    ...{ world, database, timeoutMs },
    statements: new PostgresStatements(names, notify ? channel : ""),
    promises: { ...promises, wakeUp: listener === undefined ? "polling" : "notice" },
    ...(listener && { watch: listener.watch.bind(listener) }),
    onClose: async () => {
      await listener?.close();
      connections.close();
    },
  });
}

/**
 * Makes the table and its functions, or brings them up to date. Any number of processes may do so at the same
 * time; it needs the right to create them. `schemaSql` has the same for a migration tool.
 */
export async function migrate(pool: PostgresPool, options?: PostgresNames): Promise<void> {
  checkPool(pool);
  const text = migrationText(checkedNames(options, "migrate"));
  const client = await pool.connect();
  let isDone = false;
  try {
    await client.query({ text, values: [] });
    isDone = true;
  } finally {
    // What failed in the middle is rolled back with its connection.
    client.release(!isDone);
  }
}

/** The SQL that `migrate` runs, but for the schema itself and for taking turns. */
export function schemaSql(options?: PostgresNames): string {
  return schemaText(checkedNames(options, "schemaSql"));
}

function checkPool(pool: unknown): asserts pool is PostgresPool {
  const isPool =
    typeof pool === "object" &&
    pool !== null &&
    "connect" in pool &&
    typeof pool.connect === "function" &&
    "on" in pool &&
    typeof pool.on === "function";
  if (!isPool) throw new TypeError(expected("pool", "a Pool of the package pg", pool));
}

function checkedOptions(given: unknown): PostgresOptions & { readonly notify: boolean } {
  const options: PostgresOptions = knownOptions(given, optionNames, "postgresBackend");
  const { timeoutMs } = options;
  const range = { name: "timeoutMs", least: 1, most: 60_000 };
  if (timeoutMs !== undefined) wholeNumber(timeoutMs, range);
  return { ...options, notify: optionalBoolean(options.notify, "notify", true) };
}
