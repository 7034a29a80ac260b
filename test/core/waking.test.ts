/**
 * Goal: who waits is woken by a backend that can tell, never misses a release for it, and polls where it
 * cannot be told.
 * Method: managers over memory nodes in virtual time, whose releases a switchboard tells, or does not.
 */
import { describe, expect, test } from "vitest";
import { LockManager, type LockBackend, type LockOptions } from "../../src/index.ts";
import { virtualLocks } from "../fixture/virtual.ts";

const retryDelayMs = 100;

function switchboard({ isLive = true } = {}) {
  const { quorum, world } = virtualLocks(3);
  const wakes = new Set<() => void>();
  const state = { isLive, tries: 0, wakes, names: [] as unknown[] };
  const backend: LockBackend = Object.assign(Object.create(quorum) as LockBackend, {
    world: quorum.world,
    ttlRange: quorum.ttlRange,
    promises: { ...quorum.promises, fairness: "none" as const },
    acquire: (...args: Parameters<LockBackend["acquire"]>) => {
      state.tries++;
      if (args[0].waiting) state.names.push(args[0].waiting.id);
      return quorum.acquire(...args);
    },
    extend: quorum.extend.bind(quorum),
    release: quorum.release.bind(quorum),
    isAwaited: (claim: Parameters<LockBackend["release"]>[0]) => quorum.isAwaited?.(claim) ?? false,
    close: quorum.close.bind(quorum),
    watch: (_: readonly string[], wake: () => void, waitingId?: string) => {
      wakes.add(wake);
      state.names.push(waitingId);
      return {
        get isLive() {
          return state.isLive;
        },
        stop: () => void wakes.delete(wake),
      };
    },
  });
  Object.defineProperty(backend, "isHearing", { value: false });
  const wakeAll = (): void => {
    for (const wake of [...wakes]) wake();
  };
  const manager = (defaults: LockOptions = {}): LockManager =>
    new LockManager(backend, { retryDelayMs, ...defaults });
  return { clock: world.clock, state, manager, wakeAll };
}

describe("a request that waits", () => {
  test("is tried at once when it is woken", async () => {
    const { clock, manager, wakeAll, state } = switchboard();
    const [a, b] = [manager({ waitMs: Infinity }), manager({ waitMs: Infinity })];
    const lock = await clock.finish(a.acquire("r"));
    const waiting = b.acquire("r");
    await clock.advance(5 * retryDelayMs);
    await lock.release();
    const [now, tries] = [clock.now(), state.tries];
    wakeAll();
    const next = await clock.finish(waiting);
    expect([clock.now(), state.tries]).toEqual([now, tries + 1]);
    await next.release();
  });

  test("is tried again at once when it is woken while a try is under way", async () => {
    const { clock, manager, wakeAll, state } = switchboard();
    const [a, b] = [manager(), manager()];
    const lock = await clock.finish(a.acquire("r"));
    const waiting = b.acquire("r");
    await clock.advance(5 * retryDelayMs);
    const before = state.tries;
    wakeAll();
    // The second word comes before the answer to the try that the first one set off.
    wakeAll();
    await clock.advance(0);
    expect(state.tries).toBe(before + 2);
    await clock.finish(lock.release());
    wakeAll();
    await (await clock.finish(waiting)).release();
  });

  test("asks ten times less often, but asks, when it will be told", async () => {
    const counts: number[] = [];
    for (const isLive of [false, true]) {
      const { clock, manager, state } = switchboard({ isLive });
      const lock = await clock.finish(manager().acquire("r"));
      const waiting = manager({ waitMs: Infinity }).acquire("r");
      await clock.advance(100 * retryDelayMs);
      counts.push(state.tries);
      await lock.release();
      await (await clock.finish(waiting)).release();
    }
    const [alone = 0, told = 0] = counts;
    expect(told).toBeGreaterThan(10);
    expect(alone / told).toBeGreaterThan(5);
  });

  test("is watched from its first refusal until it is settled, however that ends", async () => {
    const { clock, manager, state } = switchboard();
    const [a, b] = [manager(), manager()];
    const lock = await clock.finish(a.acquire("r"));
    expect(state.wakes.size).toBe(0);
    const waiting = b.acquire("r", { waitMs: 500 });
    await clock.advance(1);
    expect(state.wakes.size).toBe(1);
    await expect(clock.finish(waiting)).rejects.toThrow("could not acquire");
    expect(state.wakes.size).toBe(0);
    const controller = new AbortController();
    const cancelled = b.acquire("r", { signal: controller.signal });
    await clock.advance(1);
    controller.abort();
    await expect(cancelled).rejects.toThrow("aborted");
    expect(state.wakes.size).toBe(0);
    expect(await clock.finish(b.tryAcquire("r"))).toBeNull();
    expect(state.wakes.size).toBe(0);
    await lock.release();
  });

  test("is watched by the name that its claims carry, if they do", async () => {
    for (const mode of ["exclusive", "shared"] as const) {
      const { clock, manager, state } = switchboard();
      const lock = await clock.finish(manager().acquire("r"));
      const waiting = manager({ waitMs: Infinity, mode }).acquire("r");
      await clock.advance(50 * retryDelayMs);
      const names = new Set(state.names);
      expect(names.size).toBe(1);
      expect(names.has(undefined)).toBe(mode === "shared");
      await lock.release();
      await (await clock.finish(waiting)).release();
    }
  });

  test("keeps its order: who is woken comes behind who asked before in the same manager", async () => {
    const { clock, manager, wakeAll } = switchboard();
    const [a, b] = [manager(), manager({ waitMs: Infinity })];
    const lock = await clock.finish(a.acquire("r"));
    const order: number[] = [];
    const work = [1, 2, 3].map((n) => b.request("r", () => void order.push(n)));
    await clock.advance(retryDelayMs);
    await lock.release();
    wakeAll();
    await clock.finish(Promise.all(work));
    expect(order).toEqual([1, 2, 3]);
  });
});
