/**
 * Goal: the clock never runs backwards, counts the time for which the machine slept, and is not fooled by a
 * wall clock that is set.
 * Method: a monotonic and a wall clock that are moved by hand.
 */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Clock } from "../../src/core/world.ts";
import { systemClock } from "../../src/system/system-clock.ts";

let monotonic: number;
/** By how much the wall clock went more than the monotonic one. */
let wall: number;
let clock: Clock;

beforeEach(() => {
  [monotonic, wall] = [1_000, 0];
  vi.spyOn(performance, "now").mockImplementation(() => monotonic);
  // The wall clock has whole milliseconds.
  vi.spyOn(Date, "now").mockImplementation(() => 1_700_000_000_000 + Math.floor(monotonic + wall));
  clock = systemClock();
});
afterEach(() => vi.restoreAllMocks());

function pass(ms: number): void {
  monotonic += ms;
}

/** What the clock says has passed while the function ran. */
function elapsed(work: () => void): number {
  const start = clock.now();
  work();
  return clock.now() - start;
}

test("counts what passes, within the granularity of the wall clock", () => {
  expect(elapsed(() => pass(1_234.5))).toBeCloseTo(1_234.5, -1);
});

test("counts the time of a suspended machine, for which the monotonic clock stands still", () => {
  expect(
    elapsed(() => {
      pass(10);
      wall += 60_000;
      pass(10);
    }),
  ).toBeCloseTo(60_020, -1);
});

test("does not go back with the wall clock, and does not count the way forward twice", () => {
  expect(
    elapsed(() => {
      pass(100);
      wall -= 3_600_000;
      clock.now();
      pass(100);
    }),
  ).toBeCloseTo(200, -1);
  // Later it sleeps, with the wall clock still an hour behind.
  expect(elapsed(() => (wall += 5_000))).toBeCloseTo(5_000, -1);
});

test("lets a step forward of the wall clock count as time that passed: too much, never too little", () => {
  expect(elapsed(() => (wall += 1_000))).toBeCloseTo(1_000, -1);
});

test("never runs backwards, never runs behind the monotonic clock, and gathers no error", () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ pass: fc.double({ min: 0, max: 50, noNaN: true }) }) },
      { weight: 1, arbitrary: fc.record({ step: fc.integer({ min: -100_000, max: 100_000 }) }) },
    ),
  );
  fc.assert(
    fc.property(steps, (given) => {
      const [first, start] = [clock.now(), monotonic];
      let [last, forward, backward] = [first, 0, 0];
      for (const each of given) {
        if ("pass" in each) pass(each.pass);
        else {
          wall += each.step;
          forward += Math.max(0, each.step);
          backward += each.step < 0 ? 1 : 0;
        }
        const now = clock.now();
        expect(now).toBeGreaterThanOrEqual(last);
        last = now;
      }
      const counted = last - first;
      const passed = monotonic - start;
      expect(counted).toBeGreaterThanOrEqual(passed - 0.001);
      // Each step back may cost the granularity once.
      expect(counted).toBeLessThanOrEqual(passed + forward + 2 * (backward + 1) + 1);
    }),
  );
});

test("many short readings do not make it faster", () => {
  const gained = elapsed(() => {
    for (let i = 0; i < 100_000; i++) {
      pass(0.37);
      clock.now();
    }
  });
  expect(gained).toBeLessThan(37_000 + 2);
});
