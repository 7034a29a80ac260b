import type { Tally } from "./tally.ts";

export interface Circumstances {
  readonly seconds: number;
  /** The command that runs one of the worlds again, but for its seed. */
  readonly replay: string;
  readonly isMutant: boolean;
}

/** What was run, what it put to the test, and what it found. */
export function printTally(tally: Tally, { seconds, replay, isMutant }: Circumstances): void {
  const { runCount, failures } = tally;
  const share = (count: number): string =>
    `${((100 * count) / Math.max(1, runCount)).toFixed(1)} %`;
  const table = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  const lines = [
    `runs                      ${runCount} in ${seconds.toFixed(1)} s, ${(runCount / seconds).toFixed(0)} a second`,
    `grants                    ${tally.grantCount}`,
    `contended hand-offs       ${tally.handoffCount}, under fault ${tally.handoffUnderFaultCount}`,
    `runs with one of those    ${tally.contendedUnderFaultCount} (${share(tally.contendedUnderFaultCount)})`,
    `faults that hit a holder  ${tally.holderFaultCount}`,
    `faults                    ${table(tally.faults)}`,
    `refusals                  ${table(tally.refusals)}`,
    `runs with a violation     ${failures.length} (${share(failures.length)})`,
  ];
  for (const line of lines) process.stdout.write(`${line}\n`);
  const checks: Record<string, number> = {};
  for (const { found } of failures) {
    for (const check of new Set(found.map((each) => each.check))) {
      checks[check] = (checks[check] ?? 0) + 1;
    }
  }
  if (failures.length > 0) process.stdout.write(`by check                  ${table(checks)}\n`);
  for (const { seed, found } of failures.toSorted((a, b) => a.seed - b.seed).slice(0, 3)) {
    for (const { check, message } of found)
      process.stdout.write(`seed ${seed}, ${check}: ${message}\n`);
    if (!isMutant) process.stdout.write(`again: ${replay} --seed ${seed} --runs 1\n`);
  }
  if (tally.crash !== undefined) process.stdout.write(`it crashed: ${tally.crash}\n`);
}
