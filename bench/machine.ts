import { arch, cpus, release, totalmem, type } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Machine, Run } from "./result.ts";

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    kernel: `${type()} ${release()} ${arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

/** How many cores are at work during the next second, while this process waits. */
export async function busyCores(): Promise<number> {
  const [start, before] = [performance.now(), workedMs()];
  await pause(1_000);
  return Math.round((100 * (workedMs() - before)) / (performance.now() - start)) / 100;
}

/** Of all cores together. */
function workedMs(): number {
  return cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
}

/**
 * One run out of several of one machine: of a workload that is in more than one, the later file counts.
 *
 * @throws {Error} that names what differs, when they are of different machines or versions.
 */
export function merged(runs: readonly Run[]): Run {
  const [first, ...others] = runs;
  if (first === undefined) throw new Error("there is no result");
  for (const other of others) {
    const difference =
      differenceOf({ ...first.machine }, { ...other.machine }) ??
      differenceOf(first.versions, other.versions);
    if (difference !== undefined) {
      throw new Error(`results of different machines or versions do not compare: ${difference}`);
    }
  }
  const results = Object.assign({}, ...runs.map((run) => run.results)) as Run["results"];
  const versions = Object.assign({}, ...runs.map((run) => run.versions)) as Run["versions"];
  return { ...first, versions, isQuick: runs.some(({ isQuick }) => isQuick), results };
}

/** The first of what both say of which they say different things. */
function differenceOf(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const [key, value] of Object.entries(one)) {
    if (key in other && other[key] !== value)
      return `${key}: ${String(value)}, ${String(other[key])}`;
  }
  return undefined;
}
