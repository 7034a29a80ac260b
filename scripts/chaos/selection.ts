/**
 * `npm run chaos:selection`: what CI runs of the matrix, about six minutes. Exit code 1 when anything is not
 * as expected, or cannot be done here.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Part {
  readonly systems: string;
  readonly scenarios: readonly string[];
}

/** One voter does something that plain Redlock does not survive. */
const oneVoter = [
  ...["clock-ahead-near", "clock-ahead-far", "clock-excursion", "majority-ahead"],
  ...["clock-corrected", "restart-empty", "power-loss", "stale-snapshot", "flushed"],
  ...["promoted-replica", "sent-again", "all-restarted", "disjoint-lists"],
];
const clients = ["frozen-between", "frozen-holder", "stalled-loop", "dead-holder"];
const clocks = ["suspended-client", "client-clock-back", "clock-too-fast", "all-restarted-behind"];
const late = ["late-acquire", "late-release", "slower-than-validity", "out-of-memory"];
const rare = ["late-own-release", "handed-over", "listed-twice", "swallowed-holder"];
const working = ["majority-dead", "disjoint-halves", "replies-lost", "mix", "hard-mix"];

/** One for each way of being wrong, and for each authority. */
const recipes = [
  ...["naive:setnx", "naive:del", "naive:select-insert:postgres"],
  ...["naive:delete-by-name:mariadb", "naive:znode"],
];

const selection: readonly Part[] = [
  { systems: "plain", scenarios: oneVoter },
  {
    systems: "quorumlock",
    scenarios: [...oneVoter, ...clients, ...clocks, ...late, ...rare, ...working],
  },
  { systems: "quorumlock:strict", scenarios: ["clock-ahead-near", "clock-too-fast"] },
  { systems: "mutants", scenarios: ["all"] },
  { systems: "postgres", scenarios: ["server-restarted", "late-acquire"] },
  { systems: "mariadb", scenarios: ["server-restarted"] },
  { systems: "zookeeper", scenarios: ["cut-off-holder"] },
  { systems: recipes.join(","), scenarios: ["all"] },
];

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

interface Summary {
  readonly skipped?: string;
  readonly verdict?: { readonly outcome: string };
}

const summaries: Summary[] = [];
for (const { systems, scenarios } of selection) {
  const names = ["--system", systems, "--scenario", scenarios.join(",")];
  summaries.push(...(await run(["chaos", "--json", ...names])));
}
const of = (outcome: string): number =>
  summaries.filter(({ verdict }) => verdict?.outcome === outcome).length;
const passed = of("as expected");
const skipped = summaries.filter((each) => each.skipped !== undefined).length;
const failed = summaries.length - passed - skipped;
const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
process.stdout.write(`${line}\n`);
const counts = process.env["QUORUMLOCK_TEST_COUNTS"];
if (counts !== undefined) appendFileSync(counts, `${line}\n`);
if (passed < summaries.length || passed === 0) process.exitCode = 1;

/** What the command says of each run; a command that says nothing is one that failed. */
async function run(args: readonly string[]): Promise<readonly Summary[]> {
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(child, "close");
  return text === "" ? [{ verdict: { outcome: "crashed" } }] : (JSON.parse(text) as Summary[]);
}
