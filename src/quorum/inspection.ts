import type { HolderReport, Inspection, NodeHolder, NodeReport } from "../core/inspection.ts";
import type { UnknownVote } from "../core/vote.ts";

/** Puts together what the nodes report about one resource. */
export function summarize(
  resource: string,
  answers: readonly (NodeReport | UnknownVote)[],
  quorum: number,
): Omit<Inspection, "promises"> {
  const nodes = answers.map(asReport);
  const holders = holdersOf(nodes, quorum);
  const free = nodes.filter((report) => report.answer === "free").length;
  const isHeld = holders.some((holder) => holder.nodes.length >= quorum);
  const state = isHeld ? "held" : free >= quorum ? "free" : "undecided";
  const tokens = nodes.map((report) => (report.answer === "unknown" ? 0 : report.fencingToken));
  return { resource, state, fencingToken: Math.max(0, ...tokens), holders, nodes };
}

function asReport(answer: NodeReport | UnknownVote): NodeReport {
  if ("answer" in answer) return answer;
  const { node, reason, message } = answer;
  return { node, answer: "unknown", reason, message };
}

function holdersOf(reports: readonly NodeReport[], quorum: number): HolderReport[] {
  const seen = new Map<string, { node: string; holder: NodeHolder }[]>();
  for (const report of reports) {
    if (report.answer !== "held") continue;
    for (const holder of report.holders) {
      const places = seen.get(holder.owner) ?? [];
      seen.set(holder.owner, places);
      places.push({ node: report.node, holder });
    }
  }
  return [...seen.values()]
    .map((places) => holderReport(places, quorum))
    .toSorted((a, b) => b.nodes.length - a.nodes.length);
}

function holderReport(
  places: readonly { node: string; holder: NodeHolder }[],
  quorum: number,
): HolderReport {
  const [first] = places;
  if (first === undefined) throw new Error("a holder that stands nowhere");
  const remaining = places.map(({ holder }) => holder.remainingMs).toSorted((a, b) => b - a);
  // It stands on a quorum for as long as the weakest of its strongest `quorum` grants lasts.
  const remainingMs = remaining[Math.min(quorum, remaining.length) - 1] ?? 0;
  return { ...first.holder, remainingMs, nodes: places.map(({ node }) => node) };
}

/** In the order in which they were granted: nodes tell it in any. */
export function byFencingToken(a: NodeHolder, b: NodeHolder): number {
  return a.fencingToken - b.fencingToken || (a.owner < b.owner ? -1 : 1);
}
