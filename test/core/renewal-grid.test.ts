/**
 * Goal: many locks are renewed a few at a time, together, and never later than they asked for.
 * Method: the grid alone, and ten thousand locks over scripted nodes in virtual time.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LockManager } from "../../src/core/lock-manager.ts";
import { RenewalGrid } from "../../src/core/renewal-grid.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { virtualWorld } from "../../src/testing.ts";
import { ScriptedNode, yes } from "../fixture/scripted-node.ts";

const ttlMs = 10_000;

describe("a place in the grid", () => {
  test("is never later than asked for, and earlier only by less than a slot if few ask", () => {
    const latest = fc.double({ min: 0, max: 1e9, noNaN: true });
    const ttl = fc.integer({ min: 10, max: 2 ** 31 });
    fc.assert(
      fc.property(latest, ttl, (time, ms) => {
        const at = new RenewalGrid().enter(time, time - ms / 6, ms);
        expect(at).toBeLessThanOrEqual(time);
        expect(time - at).toBeLessThan(ms / 100);
      }),
    );
  });

  test("is shared by locks of different ttls", () => {
    const grid = new RenewalGrid();
    const places = [10_000, 20_000, 40_000].map((ms) => grid.enter(10_250, 0, ms));
    expect(places).toEqual([10_240, 10_240, 10_240]);
  });

  test("is another one when many ask, from the last one on, and then all fill alike", () => {
    const grid = new RenewalGrid();
    const enter = (): number => grid.enter(3_231, 3_231 - ttlMs / 6, ttlMs);
    const first = Array.from({ length: 100 }, enter);
    expect(new Set(first)).toEqual(new Set([3_200]));
    expect(enter()).toBe(3_136);
    const all = Array.from({ length: 10_000 - 101 }, enter).concat(first, 3_136);
    const counts = new Map<number, number>();
    for (const at of all) counts.set(at, (counts.get(at) ?? 0) + 1);
    expect(Math.min(...counts.keys())).toBeGreaterThanOrEqual(3_231 - ttlMs / 6);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
    for (const at of all) grid.leave(at);
    expect(Array.from({ length: 100 }, enter)).toEqual(first);
  });
});

test("10 000 locks that were acquired at once are renewed in slots, by one timer, and none is lost", async () => {
  const world = virtualWorld();
  const { clock } = world;
  const node = new ScriptedNode("a", []);
  const times: number[] = [];
  node.onExtend = () => {
    times.push(clock.now());
    return yes();
  };
  const locks = new LockManager(new QuorumBackend([node], { world }), { ttlMs });
  const names = Array.from({ length: 10_000 }, (_, index) => `r${index}`);
  const held = await clock.finish(Promise.all(names.map((name) => locks.acquire(name))));
  await clock.advance(60_000);
  expect(clock.timerCount, "renewals, and the deadlines of rounds").toBeLessThanOrEqual(2);
  expect(held.every((lock) => lock.remainingMs > ttlMs / 2)).toBe(true);
  const slots = new Map<number, number>();
  for (const at of times) slots.set(at, (slots.get(at) ?? 0) + 1);
  const last = [...slots].filter(([at]) => at > 40_000).map(([, count]) => count);
  expect(Math.max(...slots.values()), "the first time").toBeLessThan(450);
  expect(Math.max(...last), "later").toBeLessThan(300);
  expect(last.length, "instants in 20 seconds").toBeLessThan(20_000 / 64 + 1);
  expect(times.length, "not much more often than at a third of the ttl").toBeLessThan(210_000);
});
