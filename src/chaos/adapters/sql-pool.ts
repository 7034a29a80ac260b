import type { LockBackend } from "../../index.ts";
import type { MysqlPool } from "../../mysql.ts";
import type { PostgresPool } from "../../postgres.ts";
import type { Database } from "../authority.ts";
import { peerModule } from "./peer-module.ts";

type PostgresEntry = typeof import("../../postgres.ts");
type MysqlEntry = typeof import("../../mysql.ts");

interface Rows {
  readonly rows: readonly Row[];
}

type Row = Readonly<Record<string, unknown>>;

type PgPool = PostgresPool & {
  query(text: string, values: readonly unknown[]): Promise<Rows>;
  on(event: "error", listener: () => void): void;
  end(): Promise<void>;
};

interface Pg {
  readonly default: { readonly Pool: new (options: object) => PgPool };
}

type Mysql2Pool = MysqlPool & {
  query(text: string, values: readonly unknown[]): Promise<readonly [readonly Row[], unknown]>;
  end(): Promise<void>;
};

interface Mysql2 {
  readonly createPool: (options: object) => Mysql2Pool;
}

/** A pool of connections to one database, as a user of this library has it. */
export interface SqlPool {
  /** One statement, which commits by itself. Values stand for question marks. */
  readonly ask: (text: string, values?: readonly (string | number)[]) => Promise<readonly Row[]>;
  /** @param build the URL of the folder with the library's build. */
  readonly migrate: (build: string) => Promise<void>;
  readonly backend: (build: string, options: object) => Promise<LockBackend>;
  readonly end: () => Promise<void>;
}

export interface PoolPlace {
  /** Where it is: its address and port count. */
  readonly url: string;
  /** The file from whose folder the packages `pg` and `mysql2` are looked for. */
  readonly peers: string;
}

const most = 4;

/** @throws {Error} when the package is not installed. */
export function openPool(database: Database, place: PoolPlace): Promise<SqlPool> {
  return database === "postgres" ? openPostgres(place) : openMariadb(place);
}

async function openPostgres({ url, peers }: PoolPlace): Promise<SqlPool> {
  const { default: pg } = await peerModule<Pg>("pg", peers);
  const pool = new pg.Pool({ ...placeOf(url), user: "postgres", max: most });
  // Connections break here: that is told to whoever uses them.
  pool.on("error", () => {});
  const entry = async (build: string): Promise<PostgresEntry> =>
    (await import(`${build}postgres.js`)) as PostgresEntry;
  return {
    ask: async (text, values = []) => {
      let count = 0;
      return (
        await pool.query(
          text.replace(/\?/g, () => `$${++count}`),
          values,
        )
      ).rows;
    },
    migrate: async (build) => (await entry(build)).migrate(pool),
    backend: async (build, options) => (await entry(build)).postgresBackend(pool, options),
    end: () => pool.end(),
  };
}

async function openMariadb({ url, peers }: PoolPlace): Promise<SqlPool> {
  const { createPool } = await peerModule<Mysql2>("mysql2/promise", peers);
  const user = { user: "root", database: "test" };
  const pool = createPool({ ...placeOf(url), ...user, connectionLimit: most });
  const entry = async (build: string): Promise<MysqlEntry> =>
    (await import(`${build}mysql.js`)) as MysqlEntry;
  return {
    ask: async (text, values = []) => (await pool.query(text, values))[0],
    migrate: async (build) => (await entry(build)).migrate(pool),
    backend: async (build, options) => (await entry(build)).mysqlBackend(pool, options),
    end: () => pool.end(),
  };
}

function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
