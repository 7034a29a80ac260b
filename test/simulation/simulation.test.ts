/**
 * Goal: in simulated worlds of faults a lock is held once, tokens grow, and in the end everybody gets
 * through; a world follows from its seed; and broken libraries are found out.
 * Method: worlds of random faults, judged by the checker of histories. The same with schedules that
 * fast-check draws, and shrinks when one bites. Mutants: copies of the library that differ in one line.
 */
import { exec } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { builtSimulate, rest } from "../../scripts/simulate/built.ts";
import { convict } from "../../scripts/simulate/conviction.ts";
import { mutants } from "../../scripts/simulate/mutant.ts";
import { patchedSource } from "../../scripts/simulate/patched-source.ts";
import { simulate, type SimulationOptions } from "../../src/testing.ts";
import { surviveAnySchedule } from "./any-schedule.ts";

const shell = promisify(exec);

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

test("any schedule of faults is survived", async () => {
  await surviveAnySchedule(simulate, { numRuns: 60 });
}, 120_000);

describe("a schedule that is not survived", () => {
  test("is told in words, with what shows it and a command that runs it again", async () => {
    const mutant = mutants.find(({ name }) => name === "no-quarantine")!;
    await using source = await patchedSource(mutant.patch);
    const failing = surviveAnySchedule(await builtSimulate(source.path), {
      numRuns: 60,
      seed: 1,
      mutant: mutant.name,
    });
    const { message } = (await failing.then(
      () => expect.unreachable("the mutant was not seen"),
      (error: unknown) => error,
    )) as Error;
    expect(message).toMatch(
      /World \d+, hash [\da-f]{8}\. What is broken in it:\n( {2}at \d+ ms .+\n)+What/,
    );
    expect(message).toMatch(
      /What must not be:\n {2}C\d+: .+\nWhat shows it:\n {2}[\d.]+ ms {2}invoke /,
    );
    // Short enough to be read.
    expect(message.split("\n").length).toBeLessThan(30);

    const command = /npm run simulate -- (.+ --mutant no-quarantine .+)/.exec(message)?.[1] ?? "";
    const again = await shell(`npx tsx scripts/simulate/main.ts ${command}`);
    const story = message.slice(message.indexOf("World"), message.indexOf("\nAgain:"));
    expect(again.stdout).toContain(story);
  }, 60_000);
});

describe("a library that is broken in one line", () => {
  test("comes in fifteen ways or more", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(15);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  for (const mutant of mutants) {
    test(`is convicted: ${mutant.name}`, async () => {
      const { trials } = await convict(mutant, { trialCount: 3, mostRuns: 3_000 });
      expect(trials.some(({ failure }) => failure !== undefined)).toBe(true);
    }, 300_000);
  }
});
