/**
 * Goal: a MySQL or MariaDB table as in examples/fenced/mysql.ts refuses stale holders, whatever
 * the client means by `affectedRows`.
 * Method: on a MariaDB that is started for it, with both meanings. A trigger keeps a list of what
 * was let in.
 */
import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MysqlAccounts } from "../../examples/fenced/mysql.ts";
import { isAvailable } from "../fixture/available.ts";
import { fencedCases, type FencedFixture } from "../fixture/fenced-store.ts";
import { findMariadb, startMariadb } from "../../src/masters/mariadb-server.ts";
import { stopsStaleHolder } from "../fixture/stale-holder.ts";

const audit = [
  "CREATE TABLE audit (number SERIAL, id TEXT, fencing_token BIGINT)",
  `CREATE TRIGGER keep AFTER UPDATE ON account FOR EACH ROW
  IF new.writes <> old.writes THEN
    INSERT INTO audit (id, fencing_token) VALUES (new.id, new.fencing_token);
  END IF`,
];

const meanings = { "rows found": ["+FOUND_ROWS"], "rows changed": ["-FOUND_ROWS"] };

const isInstalled = await isAvailable("MariaDB", findMariadb);

describe.skipIf(!isInstalled)("a fenced table in MariaDB", () => {
  let server: Awaited<ReturnType<typeof startMariadb>>;
  beforeAll(async () => void (server = await startMariadb()));
  afterAll(() => server?.close());

  describe.each(Object.entries(meanings))("where affectedRows means %s", (_, flags) => {
    let pool: Pool;
    let fixture: FencedFixture;

    beforeAll(async () => {
      pool = createPool({ uri: server.url, flags, connectionLimit: 12 });
      await pool.query("DROP TABLE IF EXISTS account, audit");
      const store = new MysqlAccounts(pool);
      await store.createTable();
      for (const statement of audit) await pool.query(statement);
      const column = async (text: string, id: string): Promise<number[]> => {
        const [rows] = await pool.query<(RowDataPacket & { found: number })[]>(text, [id]);
        return rows.map(({ found }) => found);
      };
      fixture = {
        store,
        read: async (id) =>
          (await column("SELECT balance AS found FROM account WHERE id = ?", id))[0] ?? 0,
        accepted: (id) =>
          column("SELECT fencing_token AS found FROM audit WHERE id = ? ORDER BY number", id),
      };
    });
    afterAll(() => pool?.end());

    test.for(fencedCases)("%s", ([, check]) => check(fixture));
  });

  test("without the count of writes, the same write twice looks refused", async () => {
    const counts: number[] = [];
    for (const flags of Object.values(meanings)) {
      const pool = createPool({ uri: server.url, flags });
      await new MysqlAccounts(pool).claim("same", 1);
      const naive = "UPDATE account SET fencing_token = 1 WHERE id = 'same' AND fencing_token <= 1";
      const [done] = await pool.execute<ResultSetHeader>(naive);
      counts.push(done.affectedRows);
      await pool.end();
    }
    expect(counts).toEqual([1, 0]);
  });

  test("the example stops a stale holder", () =>
    stopsStaleHolder("mysql.ts", { DATABASE_URL: server.url }));
});
