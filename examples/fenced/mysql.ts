/** A MySQL or MariaDB table that refuses a holder whose lock has passed on to somebody else. */
import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { StaleTokenError, type Change, type FencedStore } from "./fenced-store.ts";
import { staleHolder } from "./stale-holder.ts";

const table = `
CREATE TABLE IF NOT EXISTS account (
  id VARCHAR(190) PRIMARY KEY,
  balance INT NOT NULL,
  fencing_token BIGINT NOT NULL,
  writes BIGINT NOT NULL
) ENGINE = InnoDB`;

const create = `
INSERT INTO account (id, balance, fencing_token, writes) VALUES (?, 0, 0, 0)
ON DUPLICATE KEY UPDATE id = id`;

// `affectedRows` has two meanings: rows that were found (mysql2's default, the flag FOUND_ROWS), or
// rows that were changed (without it). `writes` changes with every write that is let in: so both
// come to the same.
const claim = `
UPDATE account SET fencing_token = ?, writes = writes + 1
WHERE id = ? AND fencing_token <= ?`;

const write = `
UPDATE account SET balance = ?, fencing_token = ?, writes = writes + 1
WHERE id = ? AND fencing_token <= ?`;

/** A pool, or a connection within a transaction. */
export type Executor = Pick<Pool, "execute">;

/** Each row knows the newest token that was there. One statement compares and writes. */
export class MysqlAccounts implements FencedStore {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async createTable(): Promise<void> {
    await this.#db.execute(table);
  }

  async claim(id: string, fencingToken: number): Promise<number> {
    await this.#db.execute(create, [id]);
    const [done] = await this.#db.execute<ResultSetHeader>(claim, [fencingToken, id, fencingToken]);
    if (done.affectedRows === 0) throw new StaleTokenError(id, fencingToken);
    // After the claim, and not before.
    const [rows] = await this.#db.execute<(RowDataPacket & { balance: number })[]>(
      "SELECT balance FROM account WHERE id = ?",
      [id],
    );
    return rows[0]?.balance ?? 0;
  }

  async write(id: string, { balance, fencingToken }: Change): Promise<void> {
    const values = [balance, fencingToken, id, fencingToken];
    const [done] = await this.#db.execute<ResultSetHeader>(write, values);
    if (done.affectedRows === 0) throw new StaleTokenError(id, fencingToken);
  }
}

if (process.argv[1] === import.meta.filename) {
  const pool = createPool(process.env["DATABASE_URL"] ?? "mysql://root@127.0.0.1/test");
  try {
    const accounts = new MysqlAccounts(pool);
    await accounts.createTable();
    await staleHolder(accounts);
  } finally {
    await pool.end();
  }
}
