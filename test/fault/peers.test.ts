/**
 * Goal: what other lock libraries for Redis were seen to get wrong (docs/ALGORITHM.md, "Known mistakes"),
 * this one does not.
 * Method: the same situations on real masters, each named for the behaviour.
 */
import { describe, expect, test } from "vitest";
import { LockHeldError, LockLostError, QuorumError } from "../../src/index.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";

const cluster = useCluster(4);

describe("with an even number of nodes", () => {
  test("a tie is a refusal, not a hang", async () => {
    await cluster.occupy("r", 0, 1);
    const locks = cluster.locks();
    expect(await locks.tryAcquire("r")).toBe(null);
    await expect(locks.acquire("r", { waitMs: 50 })).rejects.toThrow(LockHeldError);
  });

  test("a majority is more than half", async () => {
    await cluster.occupy("r", 0);
    expect((await cluster.locks().tryAcquire("r"))?.held).toBe(true);
  });
});

describe("a try that failed", () => {
  test("does not block the next one with its own keys", async () => {
    await cluster.occupy("r", 0, 1);
    const locks = cluster.locks();
    const waiting = locks.acquire("r", { retryDelayMs: 20 });
    await locks.query();
    // One of the two is freed: with those that were granted at once that makes a majority.
    await cluster.client(0).del("quorumlock:r");
    expect((await waiting).held).toBe(true);
  });

  test("keeps nothing on the nodes that did grant it", async () => {
    await cluster.occupy("r", 0, 1, 2);
    expect(await cluster.locks().tryAcquire("r")).toBe(null);
    expect(await cluster.keys(3)).toEqual([]);
  });
});

describe("a lock that is returned", () => {
  test("is never one that has expired on the way", async () => {
    const locks = cluster.locks();
    await locks.request("warm up", () => 1);
    const acquiring = locks.acquire("r", { ttlMs: 300, waitMs: 0 });
    const failure = expect(acquiring).rejects.toThrow(/too little of the ttl was left/);
    // It has been sent, and is answered while this process does something else.
    await new Promise((resolve) => void setImmediate(resolve));
    const end = performance.now() + 350;
    while (performance.now() < end);
    await failure;
    await eventually(async () => {
      for (let index = 0; index < 4; index++) expect(await cluster.keys(index)).toEqual([]);
    });
  });

  test("waits for a majority, not for the slowest node", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 5_000 } });
    await locks.request("warm up", () => 1);
    await cluster.master(0).pause();
    const start = performance.now();
    const lock = await locks.acquire("r");
    await lock.release();
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe("the loss of a lock", () => {
  test("is told by the clock when all nodes are silent, not when they answer again", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 400 }, options: { roundTimeoutMs: 100 } });
    let lostAfter = Infinity;
    const start = performance.now();
    const work = locks.request("r", async (lock) => {
      for (let index = 0; index < 4; index++) await cluster.master(index).pause();
      await new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
      lostAfter = performance.now() - start;
      return "done";
    });
    await expect(work).rejects.toThrow(LockLostError);
    expect(lostAfter).toBeLessThan(700);
  });

  test("does not replace the error of the work that it came with", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 200 }, options: { roundTimeoutMs: 50 } });
    const own = new Error("my own");
    const work = locks.request("r", async (lock) => {
      for (let index = 0; index < 4; index++) await cluster.master(index).pause();
      await new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
      throw own;
    });
    await expect(work).rejects.toBe(own);
  });

  test("is no unhandled rejection, and a release afterwards is no error", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const locks = cluster.locks({ defaults: { ttlMs: 200 } });
    const other = cluster.locks();
    const lock = await locks.acquire("r");
    await other.forceRelease("r");
    await eventually(() => expect(lock.held).toBe(false));
    expect(await lock.release()).toBe(false);
    await new Promise((resolve) => void setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });

  test("is not healed by renewing what another holder had in between", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 300, renew: false } });
    const other = cluster.locks();
    const lock = await locks.acquire("r");
    await eventually(() => expect(lock.held).toBe(false));
    const between = await other.acquire("r");
    await between.release();
    await expect(lock.extend()).rejects.toThrow(LockLostError);
    expect(lock.held).toBe(false);
  });
});

describe("errors", () => {
  test("tell who holds a lock from nodes that are away", async () => {
    const [locks, other] = [cluster.locks(), cluster.locks()];
    const lock = await other.acquire("r");
    await expect(locks.acquire("r", { waitMs: 30 })).rejects.toMatchObject({
      code: "LOCK_HELD",
      votes: expect.arrayContaining([
        expect.objectContaining({
          vote: "refused",
          holder: expect.objectContaining({ owner: lock.owner }),
        }),
      ]),
    });
    for (let index = 0; index < 4; index++) await cluster.master(index).kill();
    const outage = locks.acquire("s");
    await expect(outage).rejects.toThrow(QuorumError);
    await expect(outage).rejects.toMatchObject({ code: "NO_QUORUM" });
  });

  test("are plain data that a log can print at once", async () => {
    const [locks, other] = [cluster.locks(), cluster.locks()];
    await other.acquire("r");
    const error: unknown = await locks.acquire("r", { waitMs: 0 }).catch((e: unknown) => e);
    const { votes } = JSON.parse(JSON.stringify(error)) as { votes: { message: string }[] };
    expect(votes).toHaveLength(4);
    expect(votes.some(({ message }) => message.startsWith("held by pid"))).toBe(true);
  });
});

describe("waiting", () => {
  test("of 0 means one try, as a default and in a call", async () => {
    await cluster.locks().acquire("r");
    for (const locks of [cluster.locks({ defaults: { waitMs: 0 } }), cluster.locks()]) {
      const start = performance.now();
      await expect(locks.acquire("r", { waitMs: 0 })).rejects.toThrow(LockHeldError);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });

  test("ends at its deadline also when the nodes hang", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 100 } });
    await locks.request("warm up", () => 1);
    for (let index = 0; index < 4; index++) await cluster.master(index).pause();
    const start = performance.now();
    await expect(locks.acquire("r", { waitMs: 500 })).rejects.toThrow(QuorumError);
    expect(performance.now() - start).toBeLessThan(900);
  });

  test("can be cancelled while the nodes hang, and what was sent is undone when they wake", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 5_000 } });
    await locks.request("warm up", () => 1);
    for (let index = 0; index < 4; index++) await cluster.master(index).pause();
    const controller = new AbortController();
    const acquiring = locks.acquire("r", { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(acquiring).rejects.toBe(reason);
    for (let index = 0; index < 4; index++) await cluster.master(index).resume();
    await eventually(async () => {
      for (let index = 0; index < 4; index++) expect(await cluster.keys(index)).toEqual([]);
    });
  });
});
