/** A PostgreSQL table that refuses a holder whose lock has passed on to somebody else. */
import { Pool } from "pg";
import { StaleTokenError, type Change, type FencedStore } from "./fenced-store.ts";
import { staleHolder } from "./stale-holder.ts";

const table = `
CREATE TABLE IF NOT EXISTS account (
  id text PRIMARY KEY,
  balance integer NOT NULL,
  fencing_token bigint NOT NULL
)`;

const claim = `
INSERT INTO account AS known (id, balance, fencing_token) VALUES ($1, 0, $2)
ON CONFLICT (id) DO UPDATE SET fencing_token = excluded.fencing_token
WHERE known.fencing_token <= excluded.fencing_token
RETURNING balance`;

const write = `
UPDATE account SET balance = $2, fencing_token = $3
WHERE id = $1 AND fencing_token <= $3`;

/**
 * A pool, or a client within a transaction: the row is then locked from the claim to the commit.
 */
export interface Queryable {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rowCount: number | null; readonly rows: { balance: number }[] }>;
}

/** Each row knows the newest token that was there. One statement compares and writes. */
export class PostgresAccounts implements FencedStore {
  readonly #db: Queryable;

  constructor(db: Queryable) {
    this.#db = db;
  }

  async createTable(): Promise<void> {
    await this.#db.query(table);
  }

  async claim(id: string, fencingToken: number): Promise<number> {
    const { rows } = await this.#db.query(claim, [id, fencingToken]);
    if (rows[0] === undefined) throw new StaleTokenError(id, fencingToken);
    return rows[0].balance;
  }

  async write(id: string, { balance, fencingToken }: Change): Promise<void> {
    const { rowCount } = await this.#db.query(write, [id, balance, fencingToken]);
    if (rowCount === 0) throw new StaleTokenError(id, fencingToken);
  }
}

if (process.argv[1] === import.meta.filename) {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  try {
    const accounts = new PostgresAccounts(pool);
    await accounts.createTable();
    await staleHolder(accounts);
  } finally {
    await pool.end();
  }
}
