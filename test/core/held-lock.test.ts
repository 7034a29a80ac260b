/**
 * Goal: what a held lock says is true at the moment at which it is asked: renewal, loss, release.
 * Method: managers over memory nodes in virtual time; time that jumps stands for a blocked event loop, a
 * stopped process or a suspended machine.
 */
import { describe, expect, test, vi } from "vitest";
import { LockManager } from "../../src/core/lock-manager.ts";
import { LockLostError, QuorumError } from "../../src/core/error.ts";
import { refusal } from "../../src/core/vote.ts";
import { NodeError } from "../../src/quorum/lock-node.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { settled, virtualWorld } from "../../src/testing.ts";
import { ScriptedNode, silence, yes, type Call } from "../fixture/scripted-node.ts";
import { virtualLocks } from "../fixture/virtual.ts";

const ttlMs = 10_000;
/** 1 % and 2 ms. */
const validityMs = 9_898;

function scripted() {
  const world = virtualWorld();
  const log: Call[] = [];
  const nodes = ["a", "b", "c"].map((id) => new ScriptedNode(id, log));
  const quorum = new QuorumBackend(nodes, { world });
  const locks = new LockManager(quorum, { ttlMs });
  const answerExtend = (answer: ScriptedNode["onExtend"]): void => {
    for (const node of nodes) node.onExtend = answer;
  };
  const rounds = (what: Call["what"]): number =>
    log.filter((call) => call.what === what).length / 3;
  return { clock: world.clock, quorum, locks, nodes, log, answerExtend, rounds };
}

describe("renewal", () => {
  test("starts at a third of the ttl and goes on until the release", async () => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    await clock.advance(3_100);
    expect(rounds("extend")).toBe(0);
    await clock.advance(200);
    expect(rounds("extend")).toBe(1);
    await clock.advance(60_000);
    expect(rounds("extend")).toBeGreaterThan(15);
    expect(lock.held).toBe(true);
    await lock.release();
    const before = rounds("extend");
    await clock.advance(60_000);
    expect(rounds("extend")).toBe(before);
  });

  test("does not take place when it was not wanted", async () => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r", { renew: false }));
    await clock.advance(validityMs - 1);
    expect([lock.held, rounds("extend")]).toEqual([true, 0]);
    await clock.advance(1);
    expect(lock.held).toBe(false);
  });

  test("has one timer for all locks, however many", async () => {
    const { manager, world } = virtualLocks();
    const locks = manager();
    const { clock } = world;
    await clock.finish(Promise.all(Array.from({ length: 500 }, (_, i) => locks.acquire(`r${i}`))));
    // One for the renewals, one for the deadlines of rounds.
    expect(clock.timerCount).toBeLessThanOrEqual(2);
    await clock.advance(30_000);
    expect(clock.timerCount).toBeLessThanOrEqual(2);
    expect((await locks.query()).held).toHaveLength(500);
  });

  test("that finds no quorum is tried again, a few times and not in a loop, until the time is over", async () => {
    const { clock, locks, answerExtend, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    answerExtend(() => Promise.reject(new NodeError("disconnected", "gone")));
    await clock.advance(validityMs - 1);
    expect(lock.held).toBe(true);
    expect(rounds("extend")).toBeGreaterThan(3);
    expect(rounds("extend")).toBeLessThan(12);
    answerExtend(yes);
    await clock.advance(1);
    expect(lock.held, "the renewal that would have saved it came too late").toBe(false);
  });

  test("survives an outage that is shorter than what is left", async () => {
    const { clock, locks, answerExtend } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    answerExtend(silence);
    await clock.advance(8_000);
    answerExtend(yes);
    await clock.advance(30_000);
    expect(lock.held).toBe(true);
  });

  test.for([60, 250, 1_250, 10_000])("with a ttl of %i ms is no busy loop", async (ttl) => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r", { ttlMs: ttl }));
    await clock.advance(10 * ttl);
    expect(lock.held).toBe(true);
    expect(rounds("extend")).toBeLessThanOrEqual(35);
  });
});

describe("loss", () => {
  test("is by the clock, no later than the validity ends, whatever the nodes do", async () => {
    const { clock, locks, answerExtend } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    answerExtend(silence);
    const { signal } = lock;
    await clock.advance(validityMs - 1);
    expect([lock.held, signal.aborted]).toEqual([true, false]);
    expect(lock.remainingMs).toBeCloseTo(1);
    await clock.advance(1);
    expect([lock.held, lock.remainingMs, signal.aborted]).toEqual([false, 0, true]);
    expect(signal.reason).toBeInstanceOf(LockLostError);
    expect(signal.reason).toMatchObject({ code: "LOCK_LOST", reason: "expired", resources: ["r"] });
  });

  test("is seen in the very next statement after an event loop was blocked", async () => {
    const { clock, locks } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    const early = lock.signal;
    clock.jump(validityMs);
    expect(lock.held).toBe(false);
    expect(lock.remainingMs).toBe(0);
    expect(lock.signal.aborted).toBe(true);
    expect(early.aborted).toBe(true);
    await expect(lock.extend()).rejects.toThrow(LockLostError);
    expect(await lock.release()).toBe(false);
  });

  test("is not undone by a renewal that comes late", async () => {
    const { clock, locks, nodes } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    let answer = (): void => {};
    const late = new Promise<void>((resolve) => (answer = resolve));
    for (const node of nodes) node.onExtend = () => late.then(yes);
    await clock.advance(3_400);
    clock.jump(validityMs);
    answer();
    await settled();
    expect(lock.held).toBe(false);
    await clock.advance(60_000);
    expect([lock.held, lock.signal.aborted]).toEqual([false, true]);
  });

  test("gives back what a late renewal may have left on the nodes", async () => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r", { renew: false }));
    await clock.advance(ttlMs);
    expect(lock.held).toBe(false);
    expect(rounds("release")).toBe(1);
  });

  test("is at once when so many nodes have forgotten it that somebody else may have it", async () => {
    const { clock, locks, nodes } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    for (const node of nodes.slice(1))
      node.onExtend = () => Promise.resolve(refusal("missing", "r"));
    const { signal } = lock;
    await clock.advance(3_400);
    expect(signal.reason).toMatchObject({ reason: "forgotten" });
    expect(signal.reason.votes).toHaveLength(3);
    expect(String(signal.reason)).toContain("b: does not know this holder");
  });

  test("of one node does not matter while a quorum still knows it", async () => {
    const { clock, locks, nodes } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    nodes[0]!.onExtend = () => Promise.resolve(refusal("missing", "r"));
    await clock.advance(60_000);
    expect(lock.held).toBe(true);
  });

  test("tells a signal that is asked for afterwards", async () => {
    const { clock, locks } = scripted();
    const lock = await clock.finish(locks.acquire("r", { renew: false }));
    await clock.advance(ttlMs);
    expect(lock.signal.aborted).toBe(true);
    expect(lock.signal).toBe(lock.signal);
  });

  test("lets the next one of this manager try", async () => {
    const { clock, locks } = scripted();
    await clock.finish(locks.acquire("r", { renew: false }));
    const next = locks.acquire("r");
    await clock.advance(validityMs);
    expect((await next).held).toBe(true);
  });

  test("of a request rejects with the loss, once the callback is done and if it has no error", async () => {
    const { clock, locks, answerExtend } = scripted();
    const outlast = (end: () => unknown) => () =>
      new Promise((resolve) => void clock.setTimer(2 * ttlMs, () => resolve(undefined))).then(end);
    answerExtend(silence);
    const value = locks.request(
      "r",
      outlast(() => "value"),
    );
    await expect(clock.finish(value)).rejects.toThrow(LockLostError);
    const own = new Error("my own");
    const failing = locks.request(
      "r",
      outlast(() => Promise.reject(own)),
    );
    await expect(clock.finish(failing)).rejects.toBe(own);
  });
});

describe("extend", () => {
  test("lengthens, keeps the new ttl for renewals, and never shortens", async () => {
    const { clock, locks, log } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    await clock.finish(lock.extend(60_000));
    expect(lock.remainingMs).toBe(60_000 - 602);
    await clock.finish(lock.extend(1_000));
    expect(lock.remainingMs).toBe(60_000 - 602);
    await clock.advance(5_000);
    expect(log.findLast((call) => call.what === "extend")?.ms).toBe(1_000);
  });

  test("checks its argument before anything is sent", async () => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 31 + 1, Infinity]) {
      await expect(lock.extend(wrong)).rejects.toThrow(RangeError);
    }
    await expect(lock.extend("5" as never)).rejects.toThrow(TypeError);
    expect(rounds("extend")).toBe(0);
  });

  test("rejects when too few nodes answer, and the lock is held as long as before", async () => {
    const { clock, locks, answerExtend } = scripted();
    const lock = await clock.finish(locks.acquire("r", { renew: false }));
    answerExtend(() => Promise.reject(new NodeError("disconnected", "gone")));
    await expect(clock.finish(lock.extend(60_000))).rejects.toThrow(QuorumError);
    expect(lock.remainingMs).toBe(validityMs);
  });

  test("that loses finds out, as everybody does", async () => {
    const { clock, locks, answerExtend } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    answerExtend(() => Promise.resolve(refusal("broken", "r")));
    await expect(clock.finish(lock.extend())).rejects.toMatchObject({ reason: "broken" });
    expect([lock.held, lock.signal.aborted]).toEqual([false, true]);
  });

  test("is one at a time, however many ask for it", async () => {
    const { clock, locks, answerExtend, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    let answer = (): void => {};
    answerExtend(() =>
      new Promise((resolve) => (answer = () => resolve({ vote: "granted" }))).then(yes),
    );
    const all = Promise.allSettled([lock.extend(), lock.extend(20_000), lock.extend()]);
    await settled();
    expect(rounds("extend")).toBe(1);
    answerExtend(yes);
    answer();
    await clock.advance(500);
    expect((await all).map((each) => each.status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(rounds("extend")).toBe(3);
  });
});

describe("release", () => {
  test("is idempotent, and says whether it was held until now", async () => {
    const { clock, locks, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    const [first, second] = [lock.release(), lock.release()];
    expect(lock.held).toBe(false);
    expect(await Promise.all([first, second, lock.release()])).toEqual([true, true, true]);
    expect(rounds("release")).toBe(1);
    expect(lock.signal.aborted, "a release is no loss").toBe(false);
  });

  test("is false when the lock had been lost, by the clock or by what the nodes say", async () => {
    const { clock, locks, nodes } = scripted();
    const expired = await clock.finish(locks.acquire("r", { renew: false }));
    await clock.advance(ttlMs);
    expect(await expired.release()).toBe(false);
    const robbed = await clock.finish(locks.acquire("r"));
    for (const node of nodes) node.onRelease = () => Promise.resolve(refusal("missing", "r"));
    expect(await robbed.release()).toBe(false);
  });

  test("never rejects and never waits longer than a round, whatever the nodes do", async () => {
    const { clock, locks, nodes } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    for (const node of nodes) node.onRelease = silence;
    const before = clock.now();
    expect(await clock.finish(lock.release())).toBe(true);
    expect(clock.now() - before).toBe(500);
  });

  test("does not mask the error of the work, neither in a request nor at the end of a block", async () => {
    const { clock, locks } = scripted();
    const own = new Error("my own");
    const block = async (): Promise<void> => {
      await using lock = await locks.acquire("r", { renew: false });
      clock.jump(ttlMs);
      expect(lock.held).toBe(false);
      throw own;
    };
    await expect(clock.finish(block())).rejects.toBe(own);
  });

  test("sends the release before the next one of this manager tries", async () => {
    const { clock, locks, log } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    const next = locks.acquire("r");
    await settled();
    log.length = 0;
    await lock.release();
    await clock.finish(next);
    expect(log.filter((call) => call.node === "a").map((call) => call.what)).toEqual([
      "release",
      "acquire",
    ]);
  });
});

describe("a backend that rejects", () => {
  test("is asked again, and loses nothing but the time", async () => {
    const { clock, locks, quorum, rounds } = scripted();
    const lock = await clock.finish(locks.acquire("r"));
    const gone = () => Promise.reject(new Error("the table is gone"));
    const extending = vi.spyOn(quorum, "extend").mockImplementation(gone);
    await clock.advance(5_000);
    expect(lock.held).toBe(true);
    await expect(lock.extend()).rejects.toThrow(/the table is gone/);
    extending.mockRestore();
    await clock.advance(2_000);
    expect(rounds("extend")).toBeGreaterThan(0);
    expect(lock.remainingMs).toBeGreaterThan(7_000);
    vi.spyOn(quorum, "release").mockImplementation(gone);
    expect(await clock.finish(lock.release())).toBe(true);
  });
});
