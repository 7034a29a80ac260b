import type { BackendPromises } from "../core/backend-promises.ts";
import type { Inspection, NodeReport } from "../core/inspection.ts";
import type { UnknownVote } from "../core/vote.ts";
import type { Knowledge } from "./answer.ts";

export interface Finding {
  readonly node: string;
  readonly found: Knowledge | UnknownVote;
  readonly promises: BackendPromises;
}

/** What the only one who knows says about a resource. */
export function inspectionOf(resource: string, { node, found, promises }: Finding): Inspection {
  if ("vote" in found) {
    const { reason, message } = found;
    const silent: NodeReport = { node, answer: "unknown", reason, message };
    const nothing = { fencingToken: 0, holders: [] };
    return { resource, state: "undecided", ...nothing, nodes: [silent], promises };
  }
  const { fencingToken, holders } = found;
  const state = holders.length > 0 ? "held" : "free";
  const report: NodeReport = { node, answer: state, ...found, votesInMs: 0, why: "" };
  const reports = holders.map((holder) => ({ ...holder, nodes: [node] }));
  return { resource, state, fencingToken, holders: reports, nodes: [report], promises };
}
