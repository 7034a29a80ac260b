/**
 * Goal: who waits for a lock in PostgreSQL is told when it is free, and gets it all the same when nobody can tell.
 * Method: pauses between tries so long that only a notice can end them; connections that are ended.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { postgresKind } from "../fixture/postgres-kind.ts";
import type { SqlServer } from "../fixture/sql.ts";
import { managed, migrated, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

const kind = postgresKind();
const isInstalled = await isAvailable(kind.name, kind.find);
/** Longer than a test may take. */
const patient = { retryDelayMs: 60_000, waitMs: Infinity, ttlMs: 600_000 } as const;

describe.skipIf(!isInstalled)("notices in PostgreSQL", () => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await kind.start();
    await migrated(kind, server.url);
  });
  afterAll(() => server?.close());

  async function listeners(): Promise<unknown[]> {
    const text = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'";
    return (await pooled(kind, server.url, 1).rows(text)).map((row) => row["pid"]);
  }

  test.for(["exclusive", "shared"] as const)("wake who waits: %s", async (mode) => {
    const [a, b] = [1, 2].map(() => managed(pooled(kind, server.url), patient));
    for (let i = 0; i < 5; i++) {
      const name = freshName();
      const lock = await a!.acquire(name);
      const waiting = b!.acquire(name, { mode });
      // The listener's first words come behind a second try: from then on it is told.
      await eventually(async () => expect(await listeners()).toHaveLength(1));
      await lock.release();
      await (await waiting).release();
    }
  });

  test("wake one after the other, in the order in which they came, and readers all together", async () => {
    const holder = managed(pooled(kind, server.url), patient);
    const name = freshName();
    const lock = await holder.acquire(name);
    const look = pooled(kind, server.url, 1);
    const order: number[] = [];
    const work: Promise<void>[] = [];
    for (const index of [0, 1, 2, 3]) {
      const locks = managed(pooled(kind, server.url), patient);
      work.push(locks.request(name, () => void order.push(index)));
      const waiters = async (): Promise<number> =>
        (await look.entries(name)).filter((each) => each === "waiter").length;
      await eventually(async () => expect(await waiters()).toBe(index + 1));
    }
    await lock.release();
    await Promise.all(work);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(await look.entries(name)).toEqual([]);
  });

  test("are made up for while the connection that listens is gone", async () => {
    const [a, b] = [1, 2].map(() =>
      managed(pooled(kind, server.url), { ...patient, retryDelayMs: 50 }),
    );
    const name = freshName();
    const lock = await a!.acquire(name);
    const waiting = b!.acquire(name);
    const [first] = await eventually(async () => {
      const found = await listeners();
      expect(found).toHaveLength(1);
      return found;
    });
    await pooled(kind, server.url, 1).rows("SELECT pg_terminate_backend($1)", [first]);
    await lock.release();
    await (await waiting).release();
  });

  test("come again over a new connection", async () => {
    const [a, b] = [1, 2].map(() => managed(pooled(kind, server.url), patient));
    const name = freshName();
    const lock = await a!.acquire(name);
    const waiting = b!.acquire(name);
    const look = pooled(kind, server.url, 2);
    const once = async (not: unknown): Promise<unknown> =>
      eventually(async () => {
        expect(await look.entries(name)).toContain("waiter");
        const [pid] = await listeners();
        expect(pid).not.toBe(undefined);
        expect(pid).not.toBe(not);
        return pid;
      });
    const first = await once(undefined);
    await look.rows("SELECT pg_terminate_backend($1)", [first]);
    await once(first);
    await lock.release();
    await (await waiting).release();
  });

  test("leave no connection behind when the manager is closed", async () => {
    const [a, b] = [managed(pooled(kind, server.url)), managed(pooled(kind, server.url))];
    const name = freshName();
    await a.acquire(name);
    const waiting = expect(b.acquire(name)).rejects.toThrow("closed");
    await eventually(async () => expect(await listeners()).toHaveLength(1));
    await b.close();
    await waiting;
    await eventually(async () => expect(await listeners()).toEqual([]));
  });
});
