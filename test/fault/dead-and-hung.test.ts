/**
 * Goal: locks go on while a minority of masters is dead or hung, and fail fast, saying why, when it is a
 * majority; nothing stays behind on any of them.
 * Method: SIGSTOP, SIGCONT and SIGKILL on real redis-server processes.
 */
import { describe, expect, test } from "vitest";
import { QuorumError } from "../../src/index.ts";
import { eventually } from "../fixture/eventually.ts";
import { useCluster } from "../fixture/cluster.ts";

// Masters that come back without data are silent for a second.
const cluster = useCluster(5, [], { maxTtlMs: 1_500, maxSkewMs: 100 });
/** A round that is decided by the nodes that answer comes nowhere near it. */
const roundTimeoutMs = 5_000;

async function pause(...indexes: number[]): Promise<void> {
  for (const index of indexes) await cluster.master(index).pause();
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe.for([[0], [0, 1]])("with masters %j stopped", (stopped) => {
  test("locks are granted, extended and released without waiting for them", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs } });
    await locks.request("warm up", () => 1);
    await pause(...stopped);
    const tookMs = await elapsed(async () => {
      const lock = await locks.acquire("r");
      await lock.extend();
      expect(await lock.release()).toBe(true);
    });
    expect(tookMs).toBeLessThan(roundTimeoutMs / 2);
  });

  test("the first contact of a new process waits for them only once", async () => {
    await pause(...stopped);
    const locks = cluster.locks({ options: { roundTimeoutMs: 300 } });
    expect(await locks.request("r", (lock) => lock.held)).toBe(true);
    expect(await elapsed(() => locks.request("r", () => 1))).toBeLessThan(150);
  });
});

describe("with three of five masters stopped", () => {
  test("an acquire fails with the round's deadline, names them, and leaves no key on the others", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 400 } });
    await locks.request("warm up", () => 1);
    await pause(0, 2, 4);
    let failure: unknown;
    const tookMs = await elapsed(async () => {
      failure = await locks.acquire("r").catch((error: unknown) => error);
    });
    expect(tookMs).toBeLessThan(600);
    expect(failure).toBeInstanceOf(QuorumError);
    const { votes, message } = failure as QuorumError;
    expect(votes.map((vote) => vote.vote)).toEqual([
      "unknown",
      "granted",
      "unknown",
      "granted",
      "unknown",
    ]);
    for (const index of [0, 2, 4]) {
      const { host } = new URL(cluster.urls()[index] ?? "");
      expect(message).toContain(`${host}: no answer within 400 ms`);
    }
    expect(await Promise.all([cluster.keys(1), cluster.keys(3)])).toEqual([[], []]);
  });

  test("what they were asked meanwhile leaves nothing behind when they wake up", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 100 } });
    await locks.request("warm up", () => 1);
    await pause(0, 1, 2);
    for (let i = 0; i < 5; i++) await expect(locks.acquire("r")).rejects.toThrow(QuorumError);
    for (const index of [0, 1, 2]) await cluster.master(index).resume();
    const lock = await eventually(() => locks.acquire("r"));
    await lock.release();
    await eventually(async () => {
      for (let index = 0; index < 5; index++) expect(await cluster.keys(index)).toEqual([]);
    });
  });
});

test("a hung master under load is asked no more, and wakes up to releases alone", async () => {
  const options = { roundTimeoutMs: 500 };
  const locks = cluster.locks({ defaults: { ttlMs: 1_500 }, options });
  await locks.request("warm up", () => 1);
  await pause(0);
  const load = async (): Promise<void> => {
    const pairs = Array.from({ length: 100 }, (_, i) => locks.request(`load:${i}`, () => i));
    await Promise.all(pairs);
  };
  await eventually(async () => {
    await load();
    const { nodes } = await locks.inspect("load:0");
    // Not asked, and after two seconds of silence not even connected.
    const reason = expect.stringMatching(/overdue|disconnected/) as string;
    expect(nodes[0]).toMatchObject({ answer: "unknown", reason });
  });
  for (let i = 0; i < 20; i++) await load();
  await cluster.master(0).resume();
  await eventually(async () => {
    await load();
    const { nodes } = await locks.inspect("load:0");
    expect(nodes.map(({ answer }) => answer)).toEqual(Array.from({ length: 5 }, () => "free"));
  });
  for (let i = 0; i < 100; i++) {
    const { nodes } = await locks.inspect(`load:${i}`);
    expect(nodes[0]?.answer, `load:${i}`).toBe("free");
  }
});

describe("all masters stopped while a lock is held", () => {
  test("aborts its signal when the validity ends, and the wait for nobody longer", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 600 }, options: { roundTimeoutMs: 100 } });
    const lock = await locks.acquire("r");
    await pause(0, 1, 2, 3, 4);
    const isAborted = new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
    const tookMs = await elapsed(() => isAborted);
    expect(lock.held).toBe(false);
    expect(tookMs).toBeLessThan(900);
    expect(await lock.release()).toBe(false);
  });
});

describe("masters that are killed", () => {
  test("do not stop a lock while they are a minority, and vote again when they are back", async () => {
    const locks = cluster.locks();
    const lock = await locks.acquire("held through it", { ttlMs: 1_000 });
    await cluster.master(0).kill();
    await cluster.master(1).kill();
    expect(await locks.request("r", (inner) => inner.held)).toBe(true);
    await cluster.master(0).start();
    await cluster.master(1).start();
    // Restarted without data, they are silent first.
    await eventually(async () => {
      const { nodes } = await locks.inspect("r");
      expect(nodes.map((node) => node.answer !== "unknown" && node.votesInMs)).toEqual([
        0, 0, 0, 0, 0,
      ]);
    });
    await cluster.master(2).kill();
    await cluster.master(3).kill();
    expect(await locks.request("r", (inner) => inner.held)).toBe(true);
    expect(lock.held).toBe(true);
  });

  test("make an acquire fail at once when they are a majority, with what the connection said", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs } });
    await locks.request("warm up", () => 1);
    for (const index of [1, 2, 3]) await cluster.master(index).kill();
    const tookMs = await elapsed(() =>
      expect(locks.acquire("r")).rejects.toThrow(/3 of 5 nodes do not vote.*connection/s),
    );
    expect(tookMs).toBeLessThan(roundTimeoutMs / 2);
    await eventually(() => expect(locks.acquire("r")).rejects.toThrow(/ECONNREFUSED/));
  });

  test("from the beginning are told like any others", async () => {
    for (const index of [0, 1, 2]) await cluster.master(index).kill();
    const locks = cluster.locks();
    await expect(locks.acquire("r")).rejects.toThrow(/ECONNREFUSED/);
    for (const index of [0, 1, 2]) await cluster.master(index).start();
    const lock = await eventually(() => locks.acquire("r"));
    expect(lock.held).toBe(true);
  });

  test("are told of a release when they are back, long before the ttl is over", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 1_500 } });
    const other = cluster.locks();
    const lock = await locks.acquire("r");
    await cluster.master(0).pause();
    await cluster.master(1).pause();
    await lock.release();
    await cluster.master(0).resume();
    await cluster.master(1).resume();
    await eventually(async () => {
      const { nodes } = await other.inspect("r");
      expect(nodes.every((node) => node.answer === "free")).toBe(true);
    });
  });
});

test("scripts that were flushed are sent again by themselves", async () => {
  const locks = cluster.locks();
  const lock = await locks.acquire("r");
  for (let index = 0; index < 5; index++) await cluster.client(index).script("FLUSH");
  await lock.extend();
  for (let index = 0; index < 5; index++) await cluster.client(index).script("FLUSH");
  expect(await lock.release()).toBe(true);
  for (let index = 0; index < 5; index++) await cluster.client(index).script("FLUSH");
  expect(await locks.request("r", (inner) => inner.held)).toBe(true);
});
