/**
 * `npm run bench [-- WORKLOAD…] [--quick] [--json FILE]`: speed, beside other libraries, on real masters of
 * this machine. `report FILE…` makes docs/BENCHMARKS.md of what `--json` wrote. Figures of different
 * machines do not compare; the ratios within one run do.
 */
import { usage, wishOf } from "./command-line.ts";
import { measure } from "./measure.ts";
import { report } from "./report/report.ts";
import { workloads } from "./workloads/workloads.ts";

const known = workloads.map(({ name }) => name);
const wish = wishOf(process.argv.slice(2), known);

if (typeof wish === "string") {
  const list = workloads.map(({ name, about }) => `  ${name}: ${about}`).join("\n");
  process.stderr.write(`bench: ${wish}\n${usage}\nWorkloads:\n${list}\n`);
  process.exitCode = 64;
} else if (wish.kind === "report") {
  try {
    const written = await report(wish.files, { into: wish.into, workloads });
    process.stdout.write(written.map((path) => `wrote ${path}\n`).join(""));
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
} else {
  const chosen = workloads.filter(({ name }) => wish.workloads.includes(name));
  await measure(chosen, wish);
}
