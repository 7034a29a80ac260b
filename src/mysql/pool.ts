import type { ConnectionPool, PooledConnection } from "../sql/connection-pool.ts";

/** What is used of a pool of `mysql2/promise`. Its settings are neither relied on nor changed. */
export interface MysqlPool {
  getConnection(): Promise<MysqlConnection>;
}

/** What is used of a pool of `mysql2` itself. */
export interface MysqlCallbackPool {
  promise(): MysqlPool;
}

export interface MysqlConnection {
  query(options: { sql: string; rowsAsArray?: boolean }): Promise<[unknown, ...unknown[]]>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  release(): void;
  destroy(): void;
}

export function isCallbackPool(pool: object): pool is MysqlCallbackPool {
  return "promise" in pool && typeof pool.promise === "function";
}

/** The pool as the backend uses it. */
export class MysqlConnections implements ConnectionPool {
  readonly #pool: MysqlPool;

  constructor(pool: MysqlPool) {
    this.#pool = pool;
  }

  async connect(): Promise<PooledConnection> {
    const connection = await this.#pool.getConnection();
    // One that is in use tells its own error, beside that of the statement.
    connection.on("error", ignore);
    return {
      run: async ({ text }) => answerIn((await connection.query(plain(text)))[0]),
      release: (isBroken) => {
        // One that is thrown away may have something more to say.
        if (isBroken) connection.destroy();
        else {
          connection.removeListener("error", ignore);
          connection.release();
        }
      },
    };
  }
}

/** A statement whose rows look as they do by default, whatever the pool was told. */
function plain(sql: string): { sql: string; rowsAsArray: boolean } {
  return { sql, rowsAsArray: true, ...{ nestTables: false, typeCast: true } };
}

/** A procedure's rows come in a list of results, those of a SELECT come as they are. */
function answerIn(rows: unknown): string {
  let first = rows;
  while (Array.isArray(first)) first = (first as unknown[])[0];
  return String(first);
}

function ignore(): void {}

interface Settings {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly database?: unknown;
}

/** What the server is called in votes: its address, without a password. */
export function serverName(pool: MysqlPool): string {
  type Inner = { readonly config?: { readonly connectionConfig?: Settings } };
  const { pool: inner } = pool as { readonly pool?: Inner };
  const { host, port, database } = inner?.config?.connectionConfig ?? {};
  if (typeof host !== "string") return "mysql";
  const place = typeof port === "number" || typeof port === "string" ? `${host}:${port}` : host;
  return typeof database === "string" ? `${place}/${database}` : place;
}
