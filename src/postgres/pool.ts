import type { ConnectionPool, PooledConnection, Statement } from "../sql/connection-pool.ts";

/** What is used of a `Pool` of the package `pg`. Its settings are neither relied on nor changed. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  /** Read for the name of the server, and for a connection that listens. */
  readonly options?: object;
}

export interface PostgresClient {
  query(config: {
    text: string;
    values: unknown[];
  }): Promise<{ readonly rows: readonly unknown[] }>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  release(destroy?: boolean): void;
}

/** The pool as the backend uses it. */
export class PostgresConnections implements ConnectionPool {
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    // Without a listener, an idle connection that breaks would end the process.
    pool.on("error", ignore);
  }

  async connect(): Promise<PooledConnection> {
    const client = await this.#pool.connect();
    // One that is in use tells its own error, beside that of the statement.
    client.on("error", ignore);
    return {
      run: (statement) => run(client, statement),
      release: (isBroken) => {
        // One that is thrown away may have something more to say.
        if (!isBroken) client.removeListener("error", ignore);
        client.release(isBroken);
      },
    };
  }

  close(): void {
    this.#pool.removeListener("error", ignore);
  }
}

async function run(client: PostgresClient, { text, values }: Statement): Promise<string> {
  const { rows } = await client.query({ text, values: [...values] });
  const [row] = rows;
  return String(Object.values(row ?? {})[0]);
}

function ignore(): void {}

interface Address {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly database?: unknown;
  readonly connectionString?: unknown;
}

/** What the server is called in votes: its address, without a password. */
export function serverName(pool: PostgresPool): string {
  const { host, port, database, connectionString }: Address = pool.options ?? {};
  if (typeof connectionString === "string" && URL.canParse(connectionString)) {
    const url = new URL(connectionString);
    return `${url.host}${url.pathname}`;
  }
  if (typeof host !== "string") return "postgres";
  const place = typeof port === "number" || typeof port === "string" ? `${host}:${port}` : host;
  return typeof database === "string" ? `${place}/${database}` : place;
}
