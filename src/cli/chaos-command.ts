import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inability } from "../chaos/ability.ts";
import { chaos, scheduleOf, type ChaosOptions } from "../chaos/chaos.ts";
import type { RunRecord } from "../chaos/record.ts";
import type { Step } from "../chaos/schedule/step.ts";
import { isStepName } from "../chaos/schedule/words.ts";
import { peersFile, versionOf } from "../chaos/systems/systems.ts";
import { catalogue } from "./chaos/catalogue.ts";
import { chosen, replayOf, type Chosen } from "./chaos/choice.ts";
import { keepMatrix, keepPicture } from "./chaos/pages.ts";
import { exitCodeOf, Report, summaryOf, type Outcome } from "./chaos/report.ts";
import { interruption } from "./interruption.ts";
import { UsageError } from "./option.ts";

/** What a shell reports for a command that Ctrl-C ended. */
const interruptedExitCode = 130;

/**
 * `quorumlock chaos`: exit code 0 when all that must hold held and all that was expected to break was seen
 * to break; 1 when not; 2 when too little happened, or something could not be done here.
 */
export async function chaosCommand(argv: readonly string[]): Promise<number> {
  if (argv[0] === "list") {
    if (argv.length > 1) throw new UsageError("chaos list takes no options");
    process.stdout.write(catalogue());
    return 0;
  }
  const choice = chosen(argv);
  const schedule = choice.scheduleFile === undefined ? undefined : await read(choice.scheduleFile);
  if (choice.isPrinting) return print(choice, schedule);
  const controller = new AbortController();
  void interruption().then((signal) => controller.abort(new Error(`ended by ${signal}`)));
  if (choice.out !== undefined) await mkdir(choice.out, { recursive: true });
  const report = new Report(process.stderr);
  try {
    const outcomes = await runAll(choice, { schedule, report, signal: controller.signal });
    if (choice.isJson) process.stdout.write(`${JSON.stringify(outcomes.map(summaryOf))}\n`);
    if (choice.out !== undefined) await keepMatrix(outcomes, choice.out);
    report.end(outcomes);
    return exitCodeOf(outcomes);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    report.line("ended early: no verdict");
    return interruptedExitCode;
  }
}

interface Running {
  readonly schedule: readonly Step[] | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function runAll(choice: Chosen, running: Running): Promise<Outcome[]> {
  const { report, signal } = running;
  const outcomes: Outcome[] = [];
  for (const run of choice.runs) {
    signal.throwIfAborted();
    const { system, scenario } = run;
    const whyNot = await inability(scenario, system);
    if (whyNot !== undefined) {
      outcomes.push({ system, scenario, skipped: whyNot });
      report.skipped(scenario, system, whyNot);
      continue;
    }
    report.begin(scenario, system);
    const record = await chaos(optionsFor(choice, run, running));
    const file = await keep(record, choice.out);
    outcomes.push({ system, scenario, record, ...(file !== undefined && { file }) });
    report.ran(record);
  }
  return outcomes;
}

function optionsFor(
  choice: Chosen,
  { system, scenario }: Chosen["runs"][number],
  { schedule, report, signal }: Running,
): ChaosOptions {
  const { seed, nodeCount, clientCount, durationMs, ttlMs } = choice;
  const peers = peersFile();
  return {
    ...{ system, scenario, seed, nodeCount, clientCount, durationMs, ttlMs, schedule, peers },
    version: versionOf(system, peers),
    replay: replayOf(choice, scenario, system),
    signal,
    onStep: (text) => report.step(text),
  };
}

/** As one JSON file, named for what it is. */
async function keep(record: RunRecord, folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const { scenario, system, seed } = record;
  const name = `${scenario.name}--${system.name.replaceAll(":", "-")}--${seed}.json`;
  await writeFile(join(folder, name), `${JSON.stringify(record)}\n`);
  await keepPicture(record, folder, name);
  return name;
}

/** The schedule of the one run that was asked for. */
function print(choice: Chosen, schedule: readonly Step[] | undefined): number {
  const [run, ...others] = choice.runs;
  if (run === undefined || others.length > 0) {
    throw new UsageError("--print-schedule takes one scenario and one system");
  }
  const running = { schedule, report: new Report(process.stderr), signal: AbortSignal.abort() };
  const steps = scheduleOf(optionsFor(choice, run, running));
  process.stdout.write(`[\n${steps.map((step) => `  ${JSON.stringify(step)}`).join(",\n")}\n]\n`);
  return 0;
}

async function read(file: string): Promise<readonly Step[]> {
  let steps: unknown;
  try {
    steps = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--schedule: ${error instanceof Error ? error.message : String(error)}`);
  }
  const isStep = (step: unknown): step is Step =>
    typeof step === "object" &&
    step !== null &&
    "do" in step &&
    typeof step.do === "string" &&
    isStepName(step.do);
  if (Array.isArray(steps) && steps.every(isStep)) return steps;
  throw new UsageError(`--schedule: expected a list of steps, each with a "do", in ${file}`);
}
