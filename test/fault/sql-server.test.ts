/**
 * Goal: a lock in a database outlives its server's death, is lost in time when the server hangs, and whatever
 * lands late leaves nothing behind.
 * Method: real servers that are killed, started, stopped with SIGSTOP; a proxy between the client and them.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { LockLostError, QuorumError } from "../../src/index.ts";
import { eventually } from "../fixture/eventually.ts";
import { Proxy } from "../../src/chaos/network/proxy.ts";
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

  /** A way to the server on which the network can be hurt. */
  async function proxied(): Promise<{ proxy: Proxy; url: string }> {
    const proxy = await Proxy.to(server.url);
    onTestFinished(() => proxy.close());
    const url = new URL(server.url);
    url.port = String(proxy.port);
    return { proxy, url: url.href };
  }

  /** The owners that have something on a resource which counts, and what. */
  async function holders(name: string): Promise<string[]> {
    const { state, holders } = await managed(pooled(kind, server.url)).inspect(name);
    expect(state).not.toBe("undecided");
    return holders.map(({ owner }) => owner);
  }

  test("a lock is still held after the server was killed and started", async () => {
    const [a, b] = [1, 2].map(() => managed(pooled(kind, server.url), { waitMs: 0 }));
    const name = freshName();
    const before = await a!.acquire(name, { ttlMs: 30_000 });
    await server.kill();
    await expect(b!.acquire(name)).rejects.toThrow(QuorumError);
    await expect(before.extend()).rejects.toThrow(QuorumError);
    expect(before.held).toBe(true);
    await server.start();
    expect(await b!.tryAcquire(name)).toBeNull();
    await before.extend();
    expect(await before.release()).toBe(true);
    const after = await b!.acquire(name);
    expect(after.fencingToken).toBeGreaterThan(before.fencingToken);
  });

  test("what could not be released while the server was away is released when it is back", async () => {
    const [a, b] = [1, 2].map(() => managed(pooled(kind, server.url), { waitMs: 0 }));
    const name = freshName();
    const lock = await a!.acquire(name, { ttlMs: 60_000 });
    await server.kill();
    expect(await lock.release()).toBe(true);
    await server.start();
    const next = await eventually(async () => {
      const got = await b!.tryAcquire(name);
      expect(got).not.toBeNull();
      return got;
    });
    expect(next?.held).toBe(true);
  });

  test("a hung server is an error by our deadline, and a holder's lock is lost by the clock", async () => {
    const a = managed(pooled(kind, server.url), { ttlMs: 1_000 }, { timeoutMs: 300 });
    const [held, wanted] = [freshName("held"), freshName("wanted")];
    const lock = await a.acquire(held);
    const lost = new Promise((resolve) =>
      lock.signal.addEventListener("abort", () => resolve(lock.signal.reason)),
    );
    await server.freeze();
    try {
      const error = await a.acquire(wanted).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(QuorumError);
      expect((error as QuorumError).message).toContain("no answer within 300 ms");
      expect(await lost).toBeInstanceOf(LockLostError);
      expect(lock.held).toBe(false);
    } finally {
      await server.thaw();
    }
    // It carries out what it was sent while it hung, and then is told that nobody wants it.
    await eventually(async () => expect(await holders(wanted)).toEqual([]));
  });

  test("an acquire that lands behind its own release is refused", async () => {
    const { proxy, url } = await proxied();
    const a = managed(pooled(kind, url), { ttlMs: 20_000, waitMs: 0 }, { timeoutMs: 300 });
    const name = freshName();
    await a.inspect(name);
    proxy.hold("requests");
    await expect(a.acquire(name)).rejects.toThrow(QuorumError);
    expect(proxy.heldCount).toBeGreaterThan(0);
    proxy.letNewOnesThrough("requests");
    const look = pooled(kind, server.url);
    await eventually(async () => expect(await look.entries(name)).toEqual(["withdrawn"]));
    proxy.deliver("requests");
    const b = managed(pooled(kind, server.url), { waitMs: 0 });
    // Whatever is granted now came in behind what was delivered, on the same row.
    await (await b.acquire(name)).release();
    expect(await holders(name)).toEqual([]);
  });

  test("an acquire whose answer is lost leaves nothing behind", async () => {
    const { proxy, url } = await proxied();
    const a = managed(pooled(kind, url), { ttlMs: 20_000, waitMs: 0 }, { timeoutMs: 300 });
    const name = freshName();
    await a.inspect(name);
    proxy.hold("replies");
    const failure = expect(a.acquire(name)).rejects.toThrow(QuorumError);
    await eventually(async () => expect(await holders(name)).toHaveLength(1));
    proxy.breakClients();
    await failure;
    proxy.deliver("replies");
    await eventually(async () => expect(await holders(name)).toEqual([]));
  });

  test("connections of the pool that the server has ended are no reason to fail", async () => {
    const pool = pooled(kind, server.url);
    const a = managed(pool, { waitMs: 0 });
    const name = freshName();
    await Promise.all(Array.from({ length: 4 }, (_, i) => a.request(`${name}${i}`, () => {})));
    const lock = await a.acquire(name);
    await pooled(kind, server.url).endOthers();
    await lock.extend();
    await Promise.all(Array.from({ length: 8 }, (_, i) => a.request(`${name}${i}`, () => {})));
    expect(await lock.release()).toBe(true);
  });

  test("a request that is cancelled while its try is under way leaves nothing behind", async () => {
    const a = managed(pooled(kind, server.url), { ttlMs: 20_000 });
    for (let i = 0; i < 20; i++) {
      const [controller, name] = [new AbortController(), freshName()];
      const { signal } = controller;
      const cancelled = expect(a.acquire(name, { signal })).rejects.toThrow("enough");
      await new Promise((resolve) => void setImmediate(resolve));
      controller.abort(new Error("enough"));
      await cancelled;
      await eventually(async () => expect(await holders(name)).toEqual([]));
    }
  });
});
