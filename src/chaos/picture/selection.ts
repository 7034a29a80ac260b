import type { RunRecord } from "../record.ts";
import type { Operation, Operations } from "./operation.ts";
import { mostOverlaps, type Overlap } from "./overlap.ts";
import { count, duration, grouped } from "./page/wording.ts";

/** What of a run goes into the file, and what does not, in words. */
export interface Selection {
  readonly lanes: readonly (readonly Operation[])[];
  readonly areAttemptsNamed: boolean;
  readonly leftOut: readonly string[];
}

/** What is as near as this to a finding stays. */
const nearMs = 250;
/** Up to so many operations all is kept of each of them. */
const manyOperations = 20_000;
/** Of an operation so many answers of nodes are kept, where there are few and where there are many. */
const mostMarks = { few: 2_000, many: 40 };

/** All operations if there are not too many; else those that overlap, those near a finding, the longest. */
export function selectionOf(
  record: RunRecord,
  operations: Operations,
  overlaps: readonly Overlap[],
  mostOperations: number,
): Selection {
  const all = operations.lanes.flat();
  const areAttemptsNamed = all.length <= manyOperations;
  const most = areAttemptsNamed ? mostMarks.few : mostMarks.many;
  const leftOut: string[] = [];
  if (!areAttemptsNamed) leftOut.push("the names of attempts, but for those in findings");
  const cut = all.reduce((sum, { marks }) => sum + Math.max(0, marks.length - most), 0);
  if (cut > 0) leftOut.push(`${count(cut, "answer")} of nodes, of operations with very many`);
  for (const { marks } of all) marks.splice(most);
  for (const kind of ["locks", "sections"] as const) {
    if (overlaps.filter((each) => each.kind === kind).length < mostOverlaps) continue;
    leftOut.push(`overlaps of ${kind} after the first ${grouped(mostOverlaps)}`);
  }
  if (all.length <= mostOperations) return { lanes: operations.lanes, areAttemptsNamed, leftOut };

  const ranks = ranksOf(record, operations, overlaps);
  const rank = (each: Operation): number => ranks.get(each) ?? 0;
  const ranked = all.toSorted((a, b) => rank(b) - rank(a) || lengthOf(b) - lengthOf(a));
  const kept = new Set(ranked.slice(0, mostOperations));
  const left = ranked.slice(mostOperations);
  const rest = `${count(left.length, "operation")} of ${grouped(all.length)}`;
  const longest = left.reduce((most, each) => Math.max(most, lengthOf(each)), 0);
  const nearCount = left.filter((each) => ranks.has(each)).length;
  const place = nearCount === 0 ? "none" : grouped(nearCount);
  leftOut.unshift(
    `${rest}: none longer than ${duration(longest)}, ${place} within ${nearMs} ms of a finding`,
  );
  const hidden = overlaps.filter(({ first, second }) => !kept.has(first) || !kept.has(second));
  if (hidden.length > 0) leftOut.push(count(hidden.length, "overlap"));
  const lanes = operations.lanes.map((lane) => lane.filter((each) => kept.has(each)));
  return { lanes, areAttemptsNamed, leftOut };
}

function lengthOf({ from, until }: Operation): number {
  return until - from;
}

/** What stays longest: locks that overlap and what findings are about; then what is near to either. */
function ranksOf(
  { verdict }: RunRecord,
  operations: Operations,
  overlaps: readonly Overlap[],
): Map<Operation, number> {
  const ranks = new Map<Operation, number>();
  const all = operations.lanes.flat();
  for (const { span } of verdict.findings) {
    for (const each of all) {
      if (each.until >= span.from - nearMs && each.from <= span.until + nearMs) ranks.set(each, 1);
    }
  }
  for (const { kind, first, second } of overlaps) {
    for (const each of [first, second]) {
      ranks.set(each, Math.max(ranks.get(each) ?? 0, kind === "locks" ? 3 : 2));
    }
  }
  for (const attempt of verdict.findings.flatMap(({ attempts }) => attempts)) {
    const operation = operations.of(attempt);
    if (operation !== undefined) ranks.set(operation, 3);
  }
  return ranks;
}
