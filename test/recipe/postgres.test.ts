/**
 * Goal: a PostgreSQL table as in examples/fenced/postgres.ts refuses stale holders.
 * Method: on a server that is started for it. A trigger keeps a list of what was let in.
 */
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StaleTokenError } from "../../examples/fenced/fenced-store.ts";
import { PostgresAccounts } from "../../examples/fenced/postgres.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { fencedCases, type FencedFixture } from "../fixture/fenced-store.ts";
import { findPostgres, startPostgres } from "../../src/masters/postgres-server.ts";
import { stopsStaleHolder } from "../fixture/stale-holder.ts";

const audit = `
CREATE TABLE audit (number serial, id text, fencing_token bigint);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO audit (id, fencing_token) VALUES (new.id, new.fencing_token);
  RETURN new;
END $$;
CREATE TRIGGER keep AFTER INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION keep()`;

const isInstalled = await isAvailable("PostgreSQL", findPostgres);

describe.skipIf(!isInstalled)("a fenced table in PostgreSQL", () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let pool: Pool;
  let fixture: FencedFixture;

  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url, max: 12 });
    const store = new PostgresAccounts(pool);
    await store.createTable();
    await pool.query(audit);
    const column = async <T>(text: string, id: string): Promise<T[]> =>
      (await pool.query<{ found: T }>(text, [id])).rows.map(({ found }) => found);
    fixture = {
      store,
      read: async (id) =>
        (await column<number>("SELECT balance AS found FROM account WHERE id = $1", id))[0] ?? 0,
      accepted: async (id) =>
        (
          await column<string>(
            "SELECT fencing_token AS found FROM audit WHERE id = $1 ORDER BY number",
            id,
          )
        ).map(Number),
    };
  });
  afterAll(async () => {
    await pool?.end();
    await server?.close();
  });

  test.for(fencedCases)("%s", ([, check]) => check(fixture));

  test("a claim in a transaction holds late writers up, and then refuses them", async () => {
    await fixture.store.claim("transaction", 1);
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      const inside = new PostgresAccounts(client);
      const found = await inside.claim("transaction", 2);
      let isSettled = false;
      const late = fixture.store
        .write("transaction", { balance: 99, fencingToken: 1 })
        .finally(() => (isSettled = true));
      const refusal = expect(late).rejects.toThrow(StaleTokenError);
      const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      await eventually(async () => expect((await pool.query(waiting)).rowCount).toBe(1));
      expect(isSettled).toBe(false);
      await inside.write("transaction", { balance: found + 5, fencingToken: 2 });
      await client.query("COMMIT");
      await refusal;
    } finally {
      client.release();
    }
    expect(await fixture.read("transaction")).toBe(5);
  });

  test("a claim that is taken back leaves the older holder in", async () => {
    await fixture.store.claim("rollback", 1);
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await new PostgresAccounts(client).claim("rollback", 2);
      await client.query("ROLLBACK");
    } finally {
      client.release();
    }
    await fixture.store.write("rollback", { balance: 1, fencingToken: 1 });
    expect(await fixture.read("rollback")).toBe(1);
  });

  test("the example stops a stale holder", () =>
    stopsStaleHolder("postgres.ts", { DATABASE_URL: server.url }));
});
