import fc from "fast-check";
import { rest, type Simulate } from "../../scripts/simulate/built.ts";
import { traceOf } from "../../scripts/simulate/trace.ts";
import type { SimulatedFault, SimulatedRun } from "../../src/testing.ts";
import { assertTold } from "../fixture/told.ts";

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
  fc.record({ kind: fc.constantFrom("freeze" as const, "fast" as const), atMs, node, forMs }),
  fc.record({ kind: fc.constant("cut" as const), atMs, client, node, direction, forMs }),
  fc.record({ kind: fc.constant("reset" as const), atMs, client, node }),
  fc.record({ kind: fc.constant("stop" as const), atMs, client, forMs }),
  fc.record({ kind: fc.constant("kill" as const), atMs, client }),
);

export interface ScheduleOptions {
  readonly numRuns: number;
  /** Of fast-check, for a run that has to be the same each time. */
  readonly seed?: number;
  /** What is broken in the library, for the command that runs a world again. */
  readonly mutant?: string;
}

/** Any schedule of faults is survived; if not, the error tells the shortest one that is not. */
export async function surviveAnySchedule(
  simulate: Simulate,
  { mutant, ...parameters }: ScheduleOptions,
): Promise<void> {
  const run = async (seed: number, faults: readonly SimulatedFault[]): Promise<SimulatedRun> => {
    const [only] = await simulate([{ seed, faults }], { rest });
    if (only === undefined) throw new Error("a world was not run");
    return only;
  };
  const isFine = ({ report, isLive }: SimulatedRun): boolean =>
    report.violations.length === 0 && isLive;
  // A smaller seed is not a simpler world.
  const seeds = fc.noShrink(fc.integer({ min: 1 }));
  await assertTold(
    fc.asyncProperty(seeds, fc.array(fault, { maxLength: 12 }), async (seed, faults) =>
      isFine(await run(seed, faults)),
    ),
    {
      ...parameters,
      file: "test/simulation/simulation.test.ts",
      tell: async ([seed, faults]) => traceOf(await run(seed, faults), { seed, faults }, mutant),
    },
  );
}
