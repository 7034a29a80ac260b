/**
 * Runs simulated worlds in a process of its own. `node worker.ts BUILD`: with the given build of the library,
 * which may be a broken one. Orders come as messages, batches of worlds; tallies go back.
 */
import type { SimulatedRun, SimulationOptions } from "../../src/testing.ts";
import { builtSimulate, rest } from "./built.ts";
import type { Order } from "./order.ts";
import { emptyTally, type Tally } from "./tally.ts";

const simulate = await builtSimulate(process.argv[2] ?? "dist");

// Refusals and faults are many, and nobody reads where they were made.
Error.stackTraceLimit = 0;
/** So many worlds share one rest. With more, a world is no longer in the cache when its turn comes. */
const sideBySide = 8;

process.on("message", (order: Order) => {
  void run(order);
});
// What nobody waits for is a defect as well, and ends the run.
process.on("unhandledRejection", (error) => {
  process.send?.({ ...emptyTally(), crash: String((error as Error).stack ?? error) });
  process.exit(1);
});
process.on("disconnect", () => process.exit(0));
// Ready: nothing has been run yet.
process.send?.(emptyTally());

async function run({ seeds, world }: Order): Promise<void> {
  const worlds = seeds.map((seed) => ({ ...world, seed }));
  const tally = emptyTally();
  for (let first = 0; first < worlds.length; first += sideBySide) {
    const group = worlds.slice(first, first + sideBySide);
    try {
      for (const each of await runAll(group)) add(tally, each);
    } catch {
      for (const world of group) await runAlone(tally, world);
    }
  }
  process.send?.(tally);
}

function runAll(worlds: readonly SimulationOptions[]): Promise<readonly SimulatedRun[]> {
  return simulate(worlds, { rest, check: { mostPerCheck: 1 } });
}

/** One of several ends with an error: a history that contradicts itself. Which one shows when it runs alone. */
async function runAlone(tally: Tally, world: SimulationOptions): Promise<void> {
  try {
    for (const each of await runAll([world])) add(tally, each);
  } catch (error) {
    const found = [{ check: "contradiction", message: String(error) }];
    tally.runCount++;
    tally.failures.push({ seed: world.seed, hash: "", found });
  }
}

function add(tally: Tally, { seed, report, isLive, faults, hash }: SimulatedRun): void {
  const { coverage, violations, verdict } = report;
  tally.runCount++;
  tally.grantCount += coverage.grantCount;
  tally.handoffCount += coverage.contendedHandoffCount;
  tally.handoffUnderFaultCount += coverage.handoffUnderFaultCount;
  tally.holderFaultCount += coverage.holderFaultCount;
  if (coverage.isContendedUnderFault) tally.contendedUnderFaultCount++;
  for (const [reason, count] of Object.entries(coverage.refusalCounts)) {
    tally.refusals[reason] = (tally.refusals[reason] ?? 0) + count;
  }
  for (const { kind } of faults) tally.faults[kind] = (tally.faults[kind] ?? 0) + 1;
  if (verdict === "violated" || !isLive) {
    const found = violations.map(({ check, message }) => ({ check: check as string, message }));
    if (!isLive) found.push({ check: "live", message: "a lock could not be had at the end" });
    tally.failures.push({ seed, hash, found });
  }
}
