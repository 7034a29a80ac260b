/**
 * `npm run simulate -- [--runs N] [--seed S] [--nodes N] [--strict] [--faults JSON] [--mutant NAME]
 * [--trace]`: worlds in which time, chance and faults follow from a seed, and the library's own code runs.
 * Exit code 0 if no world saw what must not be; with a mutant, if one did. One world is told as a story,
 * and of many the first that failed, with `--trace`.
 */
import { parseArgs } from "node:util";
import type { SimulatedFault } from "../../src/testing.ts";
import { mutants } from "./mutant.ts";
import { patchedSource } from "./patched-source.ts";
import { runWorlds } from "./pool.ts";
import { printTally } from "./print.ts";
import { printTrace } from "./trace.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    nodes: { type: "string", default: "3" },
    strict: { type: "boolean", default: false },
    faults: { type: "string" },
    mutant: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

const [runCount, firstSeed, nodeCount] = [values.runs, values.seed, values.nodes].map(Number) as [
  number,
  number,
  number,
];
const mutant = mutants.find(({ name }) => name === values.mutant);
if (values.mutant !== undefined && mutant === undefined) {
  process.stderr.write(`There is no mutant ${values.mutant}. These are there:\n`);
  for (const { name, about } of mutants) process.stderr.write(`  ${name}: ${about}\n`);
  process.exit(64);
}

const strict = { strictClock: true, maxSkewMs: 20, maxTtlMs: 800 };
const world = {
  nodeCount,
  ...(values.strict && { settings: strict }),
  ...(values.faults !== undefined && { faults: JSON.parse(values.faults) as SimulatedFault[] }),
};
await using source = await patchedSource(mutant?.patch);
const startedAt = performance.now();
const tally = await runWorlds({
  firstSeed,
  runCount,
  world,
  source: source.path,
  onProgress: ({ runCount: count, failures }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${count} runs, ${failures.length} failed `);
    return true;
  },
});
const seconds = (performance.now() - startedAt) / 1000;
const replay = `npm run simulate -- --nodes ${nodeCount}${values.strict ? " --strict" : ""}`;
printTally(tally, { seconds, replay, isMutant: mutant !== undefined });
const [first] = tally.failures.toSorted((a, b) => a.seed - b.seed);
if (runCount === 1 || (values.trace && first !== undefined)) {
  await printTrace({ ...world, seed: first?.seed ?? firstSeed }, source.path, mutant?.name);
}
const isBad = tally.failures.length > 0 || tally.crash !== undefined;
process.exitCode = isBad === (mutant !== undefined) ? 0 : 1;
