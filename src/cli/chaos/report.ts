import { styleText } from "node:util";
import type { RunRecord } from "../../chaos/record.ts";
import { without } from "../../chaos/run/without.ts";
import type { Scenario } from "../../chaos/scenarios/scenario.ts";
import type { System } from "../../chaos/systems/system.ts";

/** What became of one run. */
export interface Outcome {
  readonly system: System;
  readonly scenario: Scenario;
  readonly record?: RunRecord;
  /** The name of the file that it was written to. */
  readonly file?: string;
  /** Why it was not run. */
  readonly skipped?: string;
}

const colours = {
  "as expected": "green",
  "not as expected": "red",
  inconclusive: "yellow",
} as const;

/** Says while runs go on what happens, and what came of them. */
export class Report {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  line(text: string): void {
    this.#wipe();
    this.#stream.write(`${text}\n`);
  }

  begin({ row, name }: Scenario, system: System): void {
    this.#passing(`row ${row}  ${name}  ${system.name} …`);
  }

  /** What is done at the moment: it is written over where that is possible. */
  step(text: string): void {
    this.#passing(`      ${text}`);
  }

  skipped({ row, name }: Scenario, system: System, why: string): void {
    this.line(`${head(row, name, system.name)} skipped          ${why}`);
  }

  ran(record: RunRecord): void {
    const { scenario, system, verdict, durationMs } = record;
    const { outcome, sentence, findings } = verdict;
    const said = styleText(colours[outcome], outcome.padEnd(16));
    const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
    this.line(
      `${head(scenario.row ?? 0, scenario.name, system.name)} ${said} ${sentence} (${seconds})`,
    );
    const { whyByProxy } = record.machine;
    if (whyByProxy !== undefined)
      this.line(`        packets kept back by the proxy: ${whyByProxy}`);
    if (outcome !== "not as expected") return;
    for (const { excerpt } of findings.slice(0, 2)) {
      for (const { at, text } of excerpt)
        this.line(`        ${at.toFixed(1).padStart(9)}  ${text}`);
    }
    this.line(`        again: ${record.replay}`);
  }

  end(outcomes: readonly Outcome[]): void {
    const { passed, failed, skipped } = counts(outcomes);
    this.line(`${passed} passed, ${failed} failed, ${skipped} skipped or inconclusive`);
  }

  #passing(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`\r\u001B[K${text.slice(0, 78)}`);
  }

  #wipe(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001B[K");
  }
}

function head(row: number, scenario: string, system: string): string {
  return `row ${String(row).padStart(2)}  ${scenario.padEnd(22)} ${system.padEnd(28)}`;
}

function counts(outcomes: readonly Outcome[]): {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
} {
  const of = (wanted: string): number =>
    outcomes.filter(({ record }) => record?.verdict.outcome === wanted).length;
  const [passed, failed] = [of("as expected"), of("not as expected")];
  return { passed, failed, skipped: outcomes.length - passed - failed };
}

export function exitCodeOf(outcomes: readonly Outcome[]): 0 | 1 | 2 {
  const { failed, skipped } = counts(outcomes);
  if (failed > 0) return 1;
  return skipped > 0 ? 2 : 0;
}

/** What `--json` prints of a run: all but what was observed. */
export function summaryOf({ system, scenario, record, file, skipped }: Outcome): object {
  const { name, row } = scenario;
  if (record === undefined) return { system: system.name, scenario: name, row, skipped };
  const rest = without(record, "clients", "nodes", "links", "faults", "schedule", "events");
  const { events } = record;
  return { ...rest, eventCount: events.length, ...(file !== undefined && { file }) };
}
