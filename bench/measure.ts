import { writeFile } from "node:fs/promises";
import { startMasters } from "../src/masters/masters.ts";
import { busyCores, thisMachine } from "./machine.ts";
import { format, type MeasuredWorkload, type Run, type WorkloadResult } from "./result.ts";
import { systems } from "./systems/systems.ts";
import { errorsOf, printed } from "./table.ts";
import type { Setting, Workload } from "./workload.ts";

/** Runs these, and prints each when it is done. The file is written after each, too: what is done is kept. */
export async function measure(
  workloads: readonly Workload[],
  { isQuick, json }: { readonly isQuick: boolean; readonly json: string | undefined },
): Promise<Run> {
  const machine = thisMachine();
  const versions = await versionsHere();
  const { cores, cpu, kernel, memoryGiB } = machine;
  const origin = `Node ${process.version}, ${versions["masters"]}`;
  process.stdout.write(`${origin}, ${cores} x ${cpu}, ${memoryGiB} GiB, ${kernel}\n`);
  const results: Record<string, MeasuredWorkload> = {};
  const run: Run = { format, machine, versions, isQuick, results };
  for (const workload of workloads) {
    const busyBefore = await busyCores();
    const [startedAt, start] = [new Date().toISOString(), performance.now()];
    const busy = `${busyBefore} of ${cores} cores are busy with other work`;
    process.stdout.write(`\n${workload.name}: ${workload.about} (${busy})\n`);
    const onProgress = (text: string): void =>
      progress(text === "" ? "" : `${workload.name}: ${text}`);
    const result = await ran(workload, { systems, isQuick, onProgress });
    progress("");
    if (result === undefined) continue;
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    results[workload.name] = { ...result, startedAt, seconds, busyBefore };
    process.stdout.write(`${printed(result, workload.figures)}\n${seconds} s\n`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(run, undefined, 1)}\n`);
    complain(workload, result);
  }
  return run;
}

/** The others go on when one fails. */
async function ran(workload: Workload, setting: Setting): Promise<WorkloadResult | undefined> {
  try {
    return await workload.run(setting);
  } catch (error) {
    progress("");
    process.stderr.write(`${workload.name} failed: ${(error as Error).stack}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

/** What was not measured, or went wrong where nothing may, ends in an exit code of 1. */
function complain({ name, isCalm }: Workload, { cases }: WorkloadResult): void {
  const empty = cases.flatMap((each) =>
    each.rows
      .filter(({ figures, errors }) => Object.keys({ ...figures, ...errors }).length === 0)
      .map(({ system }) => `${name}, ${each.name}: ${system} has no figures`),
  );
  const wrong = isCalm ? cases.flatMap(({ rows }) => rows.flatMap((row) => errorsOf(row))) : [];
  const nothing = cases.length === 0 ? [`${name}: nothing was measured`] : [];
  const complaints = [...empty, ...wrong.map((text) => `${name}: ${text}`), ...nothing];
  for (const text of complaints) process.stderr.write(`${text}\n`);
  if (complaints.length > 0) process.exitCode = 1;
}

async function versionsHere(): Promise<Record<string, string>> {
  await using masters = await startMasters({ count: 1 });
  return { node: process.version, masters: masters.origin };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
