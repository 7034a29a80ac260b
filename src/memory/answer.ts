import type { Claim } from "../core/claim.ts";
import { refusal, type RefusalReason } from "../core/vote.ts";
import type { NodeAnswer, NodeRefusal } from "../quorum/lock-node.ts";
import type { NodeRecord } from "./record.ts";

export const granted: NodeAnswer = { vote: "granted" };

export function noLonger(record: NodeRecord | undefined, claim: Claim, index: number): NodeRefusal {
  const isRobbed = record?.entries.some((e) => e.kind === "broken" && e.owner === claim.owner);
  return refusal(isRobbed === true ? "broken" : "missing", claim.resources[index] ?? "");
}

export function refused(
  reason: RefusalReason,
  claim: Claim,
  index: number,
  clockUs: number,
): NodeRefusal {
  return { clockUs, ...refusal(reason, claim.resources[index] ?? "") };
}

/** The first of what is found in the records. */
export function first<T>(
  records: readonly NodeRecord[],
  find: (record: NodeRecord, index: number) => T | undefined,
): T | undefined {
  for (const [index, record] of records.entries()) {
    const found = find(record, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
