/**
 * Goal: the schedules that are drawn have nothing in them that nobody promises to survive.
 * Method: very many of them.
 */
import { expect, test } from "vitest";
import { randomFaults, type FaultSpace } from "../../src/testing/simulation/fault.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";

const space: FaultSpace = {
  nodeCount: 5,
  clientCount: 3,
  durationMs: 700,
  maxTtlMs: 250,
  maxSkewMs: 40,
  strictClock: false,
};

/** By how much every clock is ahead after each time that it was set, of what it had been at any time before. */
function stepsAhead(seed: number, strictClock: boolean): number[] {
  const faults = randomFaults(seededRandom(seed), { ...space, strictClock });
  const clocks = faults.flatMap((fault) => (fault.kind === "clock" ? [fault] : []));
  return clocks.flatMap(({ node }, last) => {
    const steps = clocks.slice(0, last + 1).filter((each) => each.node === node);
    return steps.map((_, first) => steps.slice(first).reduce((sum, each) => sum + each.stepMs, 0));
  });
}

const seeds = Array.from({ length: 5_000 }, (_, seed) => seed);
const isLittle = (aheadMs: number): boolean => aheadMs > 0 && aheadMs < 3 * space.maxSkewMs;

test("clocks are never a little ahead, however often they are set", () => {
  const all = seeds.flatMap((seed) => stepsAhead(seed, false));
  expect(all.length).toBeGreaterThan(1_000);
  expect(all.filter(isLittle)).toEqual([]);
});

test("strict clocks may be", () => {
  expect(seeds.flatMap((seed) => stepsAhead(seed, true)).some(isLittle)).toBe(true);
});
