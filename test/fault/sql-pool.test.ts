/**
 * Goal: a caller's pool is used for single statements and left as it was, however full, small or broken it is.
 * Method: pools of one connection, taken by somebody else.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigurationError, LockManager, QuorumError } from "../../src/index.ts";
import { eventually } from "../fixture/eventually.ts";
import type { SqlServer } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { managed, migrated, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

describe.for(await sqlKinds())("%s", ([, kind]) => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await kind.start();
    await migrated(kind, server.url);
  });
  afterAll(() => server?.close());

  test("waiting for a connection of an exhausted pool has a deadline", async () => {
    const pool = pooled(kind, server.url, 1);
    const a = managed(pool, { waitMs: 0 }, { timeoutMs: 200 });
    const name = freshName();
    const giveBack = await pool.take();
    const error = await a.acquire(name).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(QuorumError);
    expect((error as QuorumError).votes).toMatchObject([
      { vote: "unknown", reason: "timeout", message: "no connection within 200 ms" },
    ]);
    giveBack();
    // Those that came too late went back, and nothing was sent over them.
    await eventually(() => expect(pool.counts()).toEqual({ all: 1, free: 1 }));
    expect((await a.inspect(name)).fencingToken).toBe(0);
    await (await a.acquire(name)).release();
  });

  test("one connection is enough, for a holder and for those who wait", async () => {
    const pool = pooled(kind, server.url, 1);
    const [a, b] = [managed(pool), managed(pool)];
    const name = freshName();
    let count = 0;
    const work = [a, b, a, b].map((who) =>
      who.request(name, async () => {
        const seen = count;
        await who.inspect(name);
        count = seen + 1;
      }),
    );
    await Promise.all(work);
    expect(count).toBe(4);
    expect(pool.counts().all).toBe(1);
  });

  test("a connection is taken for one statement: none is kept while a lock is held or waited for", async () => {
    const pool = pooled(kind, server.url, 3);
    const [a, b] = [managed(pool), managed(pool)];
    const name = freshName();
    const lock = await a.acquire(name);
    const waiting = b.acquire(name, { retryDelayMs: 60_000 });
    await b.query();
    await eventually(() => {
      const { all, free } = pool.counts();
      expect(free).toBe(all);
    });
    await lock.release();
    await (await b.acquire(freshName())).release();
    void waiting.catch(() => {});
  });

  test("closing the manager leaves the pool to its owner", async () => {
    const pool = pooled(kind, server.url, 2);
    const locks = new LockManager(pool.backend());
    const lock = await locks.acquire(freshName());
    await locks.close();
    expect(lock.held).toBe(false);
    expect(await pool.rows("SELECT 1 AS one")).toHaveLength(1);
    await expect(locks.acquire("r")).rejects.toThrow(TypeError);
  });

  test("a pool that was ended is an error that says so", async () => {
    const pool = kind.pool(server.url);
    const locks = managed(pool, { waitMs: 0 });
    await pool.end();
    await expect(locks.acquire("r")).rejects.toThrow(ConfigurationError);
    await expect(locks.acquire("r")).rejects.toThrow(/pool/i);
  });

  test("without the table, the error says what makes it", async () => {
    const locks = managed(pooled(kind, server.url), {}, { table: "not_there" });
    const error = await locks.acquire("r").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain("migrate");
    await expect(locks.inspect("r")).rejects.toThrow(ConfigurationError);
  });
});
