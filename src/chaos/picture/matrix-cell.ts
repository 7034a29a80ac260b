import type { PropertyVerdict, RunRecord, Verdict } from "../record.ts";
import { icon, type IconName } from "./icon.ts";
import { html, type Markup } from "./markup.ts";
import { grouped } from "./page/wording.ts";

/** One run of the matrix. */
export interface MatrixRun {
  readonly system: string;
  readonly scenario: RunRecord["scenario"];
  readonly seed: string;
  /** Where its picture is, from the page of the matrix. */
  readonly href?: string;
  /** Absent if it was not run. */
  readonly verdict?: Pick<Verdict, "outcome" | "properties">;
  /** Why it was not run. */
  readonly skipped?: string;
}

type Look = "held" | "broke" | "wrong" | "open" | "skipped";

const icons: Record<Look, IconName | undefined> = {
  held: "good",
  broke: "expected",
  wrong: "bad",
  open: "open",
  skipped: undefined,
};

/** What one run found, in as few words as can be, and the way to its picture. */
export function cell(run: MatrixRun): Markup {
  const look = lookOf(run);
  const shape = look === "broke" && !isRequired(run) ? "counted" : icons[look];
  const words = html`${shape !== undefined && icon(shape)} ${describe(run)}`;
  const { href, system, scenario, seed } = run;
  if (href === undefined)
    return html`<span class="cell ${look}" title="${run.skipped ?? ""}">${words}</span>`;
  const name = `${system}, ${scenario.name}, seed ${seed}: ${spoken[look]}, ${describe(run)}`;
  return html`<a class="cell ${look}" href="${href}" aria-label="${name}" title="seed ${seed}"
    >${words}</a
  >`;
}

/** Whether it had to break, and is not only counted. */
function isRequired({ verdict }: MatrixRun): boolean {
  return verdict?.properties.some(({ expected }) => expected === "breaks") ?? false;
}

const spoken: Record<Look, string> = {
  held: "as expected",
  broke: "broke, as expected or allowed",
  wrong: "not as expected",
  open: "inconclusive",
  skipped: "not run",
};

function lookOf({ verdict }: MatrixRun): Look {
  if (verdict === undefined) return "skipped";
  if (verdict.outcome === "inconclusive") return "open";
  if (verdict.outcome === "not as expected") return "wrong";
  return broken(verdict).length > 0 ? "broke" : "held";
}

/** `held`, or what broke and how often: `exclusion 3, fence 1`. */
export function describe({ verdict }: MatrixRun): string {
  if (verdict === undefined) return "not run";
  const parts = broken(verdict).map(({ property, violationCount }) => {
    return `${property}\u00a0${grouped(violationCount)}`;
  });
  const missing = verdict.properties.filter(
    ({ isAsExpected, outcome, expected }) =>
      !isAsExpected && outcome !== "broke" && expected === "breaks",
  );
  parts.push(...missing.map(({ property }) => `${property}\u00a0held`));
  if (parts.length > 0) return parts.join(", ");
  return verdict.outcome === "as expected" ? "held" : verdict.outcome;
}

/** What broke, but for what no lock can promise, unless somebody expected that it does not. */
export function broken({ properties }: NonNullable<MatrixRun["verdict"]>): PropertyVerdict[] {
  return properties.filter(({ property, outcome, isAsExpected }) => {
    const isBeyondLocks = property === "sections" || property === "unfenced";
    return outcome === "broke" && !(isBeyondLocks && isAsExpected);
  });
}
