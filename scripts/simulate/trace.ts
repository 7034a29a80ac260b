import type { SimulatedRun, SimulationOptions } from "../../src/testing.ts";
import { builtSimulate, rest } from "./built.ts";
import { eventInWords, scheduleInWords } from "./wording.ts";

/** Runs a world with a build of the library, and prints what happened in it. */
export async function printTrace(
  world: SimulationOptions,
  source: string,
  mutant?: string,
): Promise<void> {
  const simulate = await builtSimulate(source);
  const [run] = await simulate([world], { rest });
  if (run !== undefined) process.stdout.write(`\n${traceOf(run, world, mutant)}\n`);
}

/** What happened in one world: its faults, the first thing wrong, what shows it, and what runs it again. */
export function traceOf(run: SimulatedRun, world: SimulationOptions, mutant?: string): string {
  const { report, isLive, faults, hash } = run;
  const [violation] = report.violations;
  const lines = [`World ${world.seed}, hash ${hash}. What is broken in it:`];
  lines.push(...scheduleInWords(faults).map(indented));
  if (violation !== undefined) {
    lines.push("What must not be:", indented(`${violation.check}: ${violation.message}`));
    lines.push("What shows it:", ...violation.events.map(eventInWords).map(indented));
  } else if (!isLive) {
    lines.push("What must not be:", indented("live: a lock could not be had at the end"));
  } else lines.push("Nothing that must not be.");
  return [...lines, "Again:", indented(replayOf(world, mutant))].join("\n");
}

/** The command that runs this world. */
function replayOf(
  { seed, nodeCount, settings, faults }: SimulationOptions,
  mutant?: string,
): string {
  const words = ["npm run simulate --", `--seed ${seed}`, "--runs 1"];
  if (nodeCount !== undefined && nodeCount !== 3) words.push(`--nodes ${nodeCount}`);
  if (settings?.strictClock === true) words.push("--strict");
  if (mutant !== undefined) words.push(`--mutant ${mutant}`);
  // JSON has no apostrophe of its own, and this schedule no text with one.
  if (faults !== undefined) words.push(`--faults '${JSON.stringify(faults)}'`);
  return words.join(" ");
}

function indented(line: string): string {
  return `  ${line}`;
}
