/**
 * Goal: a blocked event loop and a wall clock that is set do not make anybody believe in a lock that is
 * gone.
 * Method: real masters, a real busy loop, and a `Date.now` that is moved under a running lock.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { LockLostError } from "../../src/index.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";

const cluster = useCluster(3);
afterEach(() => vi.restoreAllMocks());

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function moveWallClock(ms: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => real() + ms);
}

describe("an event loop that was blocked past the validity", () => {
  test("sees it in the very next statement, and no late renewal brings the lock back", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 300 } });
    const other = cluster.locks();
    const lock = await locks.acquire("r");
    const { signal } = lock;
    expect(signal.aborted).toBe(false);
    block(320);
    expect(lock.held).toBe(false);
    expect(lock.remainingMs).toBe(0);
    await expect(lock.extend()).rejects.toThrow(LockLostError);
    expect(signal.aborted).toBe(true);
    const next = await other.acquire("r");
    await eventually(() => expect(next.remainingMs).toBeLessThan(9_700));
    expect([lock.held, next.held]).toEqual([false, true]);
    expect(await lock.release()).toBe(false);
    expect(await next.release()).toBe(true);
  });

  test("during an acquire gets no lock that is over when it is born", async () => {
    const locks = cluster.locks();
    await locks.request("warm up", () => 1);
    const acquiring = locks.acquire("r", { ttlMs: 200, waitMs: 0 });
    block(250);
    await expect(acquiring).rejects.toMatchObject({ code: "NO_QUORUM" });
    expect((await locks.inspect("r")).state).toBe("free");
  });
});

describe("an event loop that was blocked for longer than a round may last", () => {
  test("does not take the nodes for silent, whose answers were there all the time", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 1_000 } });
    await locks.request("warm up", () => 1);
    const acquiring = locks.acquire("r", { waitMs: 0 });
    await new Promise((resolve) => void setImmediate(resolve));
    block(100);
    expect((await acquiring).held).toBe(true);
  });

  test("does not give up connections on which the answers are waiting", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 30_000 } });
    await locks.request("warm up", () => 1);
    const acquiring = locks.acquire("r");
    await new Promise((resolve) => void setImmediate(resolve));
    block(2_300);
    await acquiring;
    for (let index = 0; index < 20; index++) {
      expect(await locks.request(`r${index}`, (lock) => lock.held)).toBe(true);
    }
  }, 10_000);
});

describe("a wall clock that is set", () => {
  test("back by an hour changes nothing: the lock is renewed and ends in time", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 300 } });
    const lock = await locks.acquire("r");
    moveWallClock(-3_600_000);
    await eventually(() => expect(lock.remainingMs).toBeLessThan(200));
    expect(lock.held).toBe(true);
    await eventually(() => expect(lock.remainingMs).toBeGreaterThan(250));
    const brief = await locks.acquire("brief", { renew: false });
    await eventually(() => expect(brief.held).toBe(false));
    expect(await lock.release()).toBe(true);
  });

  test("forward by an hour ends a lock too early, never too late", async () => {
    const locks = cluster.locks();
    const lock = await locks.acquire("r");
    moveWallClock(3_600_000);
    expect(lock.held).toBe(false);
    expect(lock.signal.reason).toMatchObject({ reason: "expired" });
    // The next one counts from the new time, and is not hurt by the correction.
    const next = await locks.acquire("r");
    vi.restoreAllMocks();
    expect(next.held).toBe(true);
    expect(next.remainingMs).toBeGreaterThan(9_000);
  });

  test("forward by an hour, as after a sleep, is noticed without anybody asking", async () => {
    const locks = cluster.locks();
    const lock = await locks.acquire("r", { ttlMs: 60_000 });
    const told = new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
    moveWallClock(3_600_000);
    await told;
    const brief = await locks.acquire("brief", { ttlMs: 300 });
    await eventually(() => expect(brief.remainingMs).toBeLessThan(230));
    await eventually(() => expect(brief.remainingMs).toBeGreaterThan(260));
    expect(brief.held).toBe(true);
  });
});
