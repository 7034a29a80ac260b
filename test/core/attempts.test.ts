/**
 * Goal: a manager has no more tries under way than it may, and those that wait for their turn lose
 * nothing by it but time.
 * Method: managers over nodes that answer when the test says so, in virtual time.
 */
import { describe, expect, test } from "vitest";
import { LockHeldError } from "../../src/core/error.ts";
import { LockManager } from "../../src/core/lock-manager.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { settled, virtualWorld } from "../../src/testing.ts";
import { ScriptedNode, silence, yes, type Call } from "../fixture/scripted-node.ts";

const ttlMs = 10_000;

/** A manager over one node, whose acquires are answered one by one. */
async function scripted(maxConcurrentAttempts: number) {
  const world = virtualWorld();
  const log: Call[] = [];
  const node = new ScriptedNode("a", log);
  const backend = new QuorumBackend([node], { world });
  const locks = new LockManager(backend, { ttlMs, maxConcurrentAttempts });
  await world.clock.finish(locks.request("warm up", () => 1));
  const open: (() => void)[] = [];
  node.onAcquire = () =>
    new Promise((resolve) => void open.push(() => resolve({ vote: "granted" })));
  const answer = async (): Promise<void> => {
    open.shift()?.();
    await settled();
  };
  log.length = 0;
  const asked = (what: Call["what"]): number => log.filter((call) => call.what === what).length;
  return { clock: world.clock, locks, node, answer, asked, open };
}

describe("with two tries at once", () => {
  test("the others wait for their turn, and get it in their order", async () => {
    const { locks, answer, asked, open } = await scripted(2);
    const granted: number[] = [];
    const all = [0, 1, 2, 3, 4].map(async (index) => {
      const lock = await locks.acquire(`r${index}`);
      granted.push(index);
      return lock;
    });
    await settled();
    expect([asked("acquire"), open.length]).toEqual([2, 2]);
    for (const count of [3, 4, 5, 5, 5]) {
      await answer();
      expect(asked("acquire")).toBe(count);
    }
    expect(granted).toEqual([0, 1, 2, 3, 4]);
    expect((await Promise.all(all)).every((lock) => lock.held)).toBe(true);
  });

  test("a try that fails makes room, too", async () => {
    const { locks, node, clock } = await scripted(2);
    node.onAcquire = silence;
    const names = Array.from({ length: 6 }, (_, index) => `r${index}`);
    const all = Promise.allSettled(names.map((name) => locks.acquire(name)));
    const outcomes = await clock.finish(all);
    expect(outcomes.map(({ status }) => status)).toEqual(names.map(() => "rejected"));
    node.onAcquire = yes;
    expect((await locks.acquire("r")).held).toBe(true);
  });

  test("one that is aborted while it waits is never sent, and makes way for the next", async () => {
    const { locks, answer, asked } = await scripted(2);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const first = [locks.acquire("a"), locks.acquire("b")];
    const aborted = locks.acquire("c", { signal: controller.signal });
    const last = locks.acquire("d");
    await settled();
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect([asked("acquire"), asked("release")]).toEqual([2, 0]);
    for (let count = 0; count < 3; count++) await answer();
    expect((await Promise.all([...first, last])).every((lock) => lock.held)).toBe(true);
    expect([asked("acquire"), asked("release")]).toEqual([3, 0]);
  });

  test("one whose wait is over before its turn is told so, and never sent", async () => {
    const { clock, locks, asked } = await scripted(2);
    const waitMs = 100;
    const all = Promise.allSettled([locks.acquire("a"), locks.acquire("b")]);
    const late = expect(locks.acquire("c", { waitMs })).rejects.toThrow(LockHeldError);
    await clock.advance(waitMs);
    await late;
    expect(asked("acquire")).toBe(2);
    await clock.advance(ttlMs);
    expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(asked("acquire")).toBe(2);
  });

  test("extensions and releases wait for nobody", async () => {
    const { locks, answer, asked } = await scripted(2);
    const first = locks.acquire("a");
    await answer();
    const lock = await first;
    const open = [locks.acquire("b"), locks.acquire("c"), locks.acquire("d")];
    await settled();
    await lock.extend();
    expect(await lock.release()).toBe(true);
    expect([asked("acquire"), asked("extend"), asked("release")]).toEqual([3, 1, 1]);
    for (let count = 0; count < 3; count++) await answer();
    await Promise.all(open);
  });

  test("one that does not wait for others waits for its turn, shared ones beside each other", async () => {
    const { locks, answer, asked } = await scripted(2);
    const busy = [locks.acquire("a"), locks.acquire("b")];
    const now = [1, 2].map(() => locks.tryAcquire("c", { mode: "shared" }));
    const snapshot = locks.query();
    await settled();
    expect(asked("acquire")).toBe(2);
    for (let count = 0; count < 4; count++) await answer();
    expect((await Promise.all([...busy, ...now])).map((lock) => lock?.held)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect((await snapshot).held.map(({ name }) => name).toSorted()).toEqual(["a", "b", "c", "c"]);
  });
});
