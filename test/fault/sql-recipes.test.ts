/**
 * Goal: what tutorials give as locks in a database is not one: two hold it at once, with nobody at fault. The same
 * course of events does no harm to ours.
 * Method: the recipes on a real server, step by step, each step at the worst moment.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SqlPool, SqlServer } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { managed, migrated, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

const now: Record<string, string> = {
  PostgreSQL: "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
  MariaDB: "CAST(unix_timestamp(sysdate(6)) * 1000 AS SIGNED)",
};

describe.for(await sqlKinds())("%s", ([name, kind]) => {
  let server: SqlServer;
  let admin: SqlPool;
  beforeAll(async () => {
    server = await kind.start();
    await migrated(kind, server.url);
    admin = kind.pool(server.url);
    await admin.rows("CREATE TABLE recipe (name varchar(50), owner varchar(50), until bigint)");
  });
  afterAll(async () => {
    await admin?.end();
    await server?.close();
  });

  const who = async (): Promise<unknown[]> =>
    (await admin.rows("SELECT owner FROM recipe ORDER BY owner")).map((row) => row["owner"]);
  const insert = (owner: string, ttlMs: number): Promise<unknown> =>
    admin.rows(`INSERT INTO recipe SELECT 'r', '${owner}', ${now[name]} + ${ttlMs}`);

  test("SELECT … FOR UPDATE, then INSERT, outside of a transaction: two get in", async () => {
    await admin.rows("DELETE FROM recipe");
    // Each statement commits by itself: the lock on the row, or on the gap, is gone with the SELECT.
    const isFree = async (): Promise<boolean> =>
      (await admin.rows("SELECT owner FROM recipe WHERE name = 'r' FOR UPDATE")).length === 0;
    const [a, b] = await Promise.all([isFree(), isFree()]);
    if (a) await insert("a", 60_000);
    if (b) await insert("b", 60_000);
    expect(await who()).toEqual(["a", "b"]);
  });

  test("DELETE by name alone: who comes late lets a third one in", async () => {
    await admin.rows("DELETE FROM recipe");
    const acquire = async (owner: string, ttlMs: number): Promise<boolean> => {
      await admin.rows(`DELETE FROM recipe WHERE name = 'r' AND until <= ${now[name]}`);
      if ((await who()).length > 0) return false;
      await insert(owner, ttlMs);
      return true;
    };
    expect(await acquire("a", 0)).toBe(true);
    // a is paused for longer than its time; b gets in, as it should; a wakes up and cleans up.
    expect(await acquire("b", 60_000)).toBe(true);
    expect(await acquire("c", 60_000)).toBe(false);
    await admin.rows("DELETE FROM recipe WHERE name = 'r'");
    expect(await acquire("c", 60_000)).toBe(true);
  });

  test("ours: of two at the same moment one gets in, and who comes late lets nobody in", async () => {
    const [a, b, c] = [1, 2, 3].map(() => managed(pooled(kind, server.url)));
    const both = freshName();
    const got = await Promise.all([a!.tryAcquire(both), b!.tryAcquire(both)]);
    expect(got.filter((lock) => lock !== null)).toHaveLength(1);
    const resource = freshName();
    const late = await a!.acquire(resource, { ttlMs: 20, renew: false });
    const next = await b!.acquire(resource);
    expect(await late.release()).toBe(false);
    expect(await c!.tryAcquire(resource)).toBeNull();
    expect(next.held).toBe(true);
  });
});
