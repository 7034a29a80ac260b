/**
 * Goal: in simulated worlds of faults a lock is held once, tokens grow, and in the end everybody gets
 * through; a world follows from its seed; and broken libraries are found out.
 * Method: worlds of random faults, judged by the checker of histories. The same with schedules that
 * fast-check draws, and shrinks when one bites. Mutants: copies of the library that differ in one line.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convict } from "../../scripts/simulate/conviction.ts";
import { mutants } from "../../scripts/simulate/mutant.ts";
import { simulate, type SimulatedFault, type SimulationOptions } from "../../src/testing.ts";

const rest = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function worlds(count: number, options: Partial<SimulationOptions>): SimulationOptions[] {
  return Array.from({ length: count }, (_, index) => ({ seed: index + 1, ...options }));
}

const strict = { strictClock: true, maxSkewMs: 20, maxTtlMs: 800 };

describe("worlds of faults", () => {
  test.for([
    ["three nodes", 200, {}],
    ["five nodes", 60, { nodeCount: 5, clientCount: 4 }],
    ["four nodes, quorum of three", 60, { nodeCount: 4 }],
    ["strict clocks", 60, { settings: strict, durationMs: 1_600 }],
  ] as [string, number, Partial<SimulationOptions>][])(
    "%s: nothing that must not be, and everybody gets through",
    { timeout: 120_000 },
    async ([, count, options]) => {
      const runs = await simulate(worlds(count, options), { rest });
      for (const { seed, report, isLive } of runs) {
        expect({ seed, violations: report.violations, isLive }).toEqual({
          seed,
          violations: [],
          isLive: true,
        });
      }
      const contended = runs.filter(({ report }) => report.coverage.isContendedUnderFault);
      expect(contended.length).toBeGreaterThan(count / 3);
    },
  );

  test("are the same for the same seed, and others for another one", async () => {
    const once = await simulate(worlds(6, {}), { rest });
    const again = await simulate(worlds(6, {}), { rest });
    expect(once.map(({ hash }) => hash)).toEqual(again.map(({ hash }) => hash));
    expect(new Set(once.map(({ hash }) => hash)).size).toBe(6);
  });
});

const atMs = fc.integer({ min: 0, max: 700 });
const node = fc.integer({ min: 0, max: 2 });
const client = fc.integer({ min: 0, max: 2 });
const forMs = fc.integer({ min: 1, max: 500 });
const restart = fc.constantFrom("intact" as const, "empty" as const, "stale" as const);
const direction = fc.constantFrom("there" as const, "back" as const, "both" as const);
const fault: fc.Arbitrary<SimulatedFault> = fc.oneof(
  fc.record({ kind: fc.constant("crash" as const), atMs, node, forMs, restart }),
  fc.record({ kind: fc.constantFrom("flush" as const, "promote" as const), atMs, node }),
  fc.record({ kind: fc.constant("remember" as const), atMs, node }),
  fc.record({ kind: fc.constant("freeze" as const), atMs, node, forMs }),
  fc.record({ kind: fc.constant("cut" as const), atMs, client, node, direction, forMs }),
  fc.record({ kind: fc.constant("reset" as const), atMs, client, node }),
  fc.record({ kind: fc.constant("stop" as const), atMs, client, forMs }),
  fc.record({ kind: fc.constant("kill" as const), atMs, client }),
);

test("any schedule of faults is survived", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1 }),
      fc.array(fault, { maxLength: 12 }),
      async (seed, faults) => {
        const [run] = await simulate([{ seed, faults }], { rest });
        expect(run?.report.violations).toEqual([]);
        expect(run?.isLive).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

describe("a library that is broken in one line", () => {
  test("comes in fifteen ways or more", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(15);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  for (const mutant of mutants) {
    test(`is convicted: ${mutant.name}`, async () => {
      const { isConvicted } = await convict(mutant, { trialCount: 1, mostRuns: 6_000 });
      expect(isConvicted).toBe(true);
    }, 300_000);
  }
});
