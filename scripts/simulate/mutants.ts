/**
 * `npm run simulate:mutants [-- [--trials N] [--runs N] [NAME …]]`: every mutant, until a world convicts
 * it, from several seeds on. Exit code 1 if one survives most of its trials. A trial ends after `--runs`
 * worlds, so all of it is bounded.
 */
import { parseArgs } from "node:util";
import { convict } from "./conviction.ts";
import { mutants } from "./mutant.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    trials: { type: "string", default: "9" },
    runs: { type: "string", default: "3000" },
  },
});
const trialCount = Number(values.trials);
const mostRuns = Number(values.runs);
const startedAt = performance.now();

print("mutant", "median", "least", "most", `convicted by, in ${trialCount} trials`);
for (const mutant of mutants) {
  if (positionals.length > 0 && !positionals.includes(mutant.name)) continue;
  const { trials, isConvicted, medianRunCount, checks } = await convict(mutant, {
    trialCount,
    mostRuns,
  });
  const counts = trials.map(({ runCount }) => runCount);
  const convicted = counts.filter((count) => count < Infinity).length;
  const what = `${checks.join(", ")}${convicted < trialCount ? ` (${convicted} trials)` : ""}`;
  const verdict = isConvicted ? what : `SURVIVED ${what}`;
  print(
    mutant.name,
    runs(medianRunCount),
    runs(Math.min(...counts)),
    runs(Math.max(...counts)),
    verdict,
  );
  if (!isConvicted) process.exitCode = 1;
}
process.stdout.write(`in ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);

function runs(count: number): string {
  return count < Infinity ? String(count) : `> ${mostRuns}`;
}

function print(name: string, median: string, least: string, most: string, verdict: string): void {
  const columns = [median, least, most].map((text) => text.padStart(7)).join("");
  process.stdout.write(`${name.padEnd(26)}${columns}  ${verdict}\n`);
}
