/**
 * Goal: the table can be made by any number of processes at once, again and again, under any name, and loses
 * nothing by it.
 * Method: real servers, real connections.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SqlServer } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { managed, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

describe.for(await sqlKinds())("%s", ([, kind]) => {
  let server: SqlServer;
  beforeAll(async () => void (server = await kind.start()));
  afterAll(() => server?.close());

  test.for(["quorumlock", 'o"dd `name`; --', "名前"])(
    "ten processes make the table %s at once, and all can lock",
    async (table) => {
      const pools = Array.from({ length: 10 }, () => pooled(kind, server.url, 2));
      await Promise.all(pools.map((pool) => pool.migrate({ table })));
      const name = freshName();
      let count = 0;
      const work = pools.map((pool) =>
        managed(pool, {}, { table }).request(name, async () => {
          const before = count;
          await pool.rows("SELECT 1 AS one");
          count = before + 1;
        }),
      );
      await Promise.all(work);
      expect(count).toBe(10);
    },
  );

  test("making it again takes no lock from anybody", async () => {
    const pool = pooled(kind, server.url);
    await pool.migrate();
    const locks = managed(pool);
    const name = freshName();
    const lock = await locks.acquire(name);
    await pool.migrate();
    expect((await locks.inspect(name)).holders.map(({ owner }) => owner)).toEqual([lock.owner]);
    await lock.extend();
    expect(await lock.release()).toBe(true);
    expect((await locks.acquire(name)).fencingToken).toBeGreaterThan(lock.fencingToken);
  });

  test("two tables know nothing of each other", async () => {
    const pool = pooled(kind, server.url);
    await pool.migrate({ table: "one" });
    await pool.migrate({ table: "two" });
    const name = freshName();
    const [one, two] = ["one", "two"].map((table) => managed(pool, {}, { table }));
    await one!.acquire(name);
    expect(await two!.tryAcquire(name)).not.toBeNull();
    expect(await two!.tryAcquire(name)).toBeNull();
  });

  test.for([
    [{ table: "" }, RangeError, /table: expected a name/],
    [{ table: "a".repeat(64) }, RangeError, /table: expected a name/],
    [{ table: "a\0b" }, RangeError, /table/],
    [{ table: 5 }, TypeError, /table/],
    [{ tabel: "a" }, TypeError, /there is no option "tabel"/],
    [{ timeoutMs: 0 }, RangeError, /timeoutMs/],
    [{ timeoutMs: "5" }, TypeError, /timeoutMs/],
  ] as const)(
    "options that cannot be are refused before anything is sent: %j",
    ([given, type, word]) => {
      const pool = pooled(kind, server.url);
      expect(() => pool.backend(given as object)).toThrow(type);
      expect(() => pool.backend(given as object)).toThrow(word);
    },
  );
});
