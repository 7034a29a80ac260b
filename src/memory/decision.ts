import type { Claim } from "../core/claim.ts";
import { refusal, type RefusalReason } from "../core/vote.ts";
import type { ExtensionTerms, NodeAnswer, NodeRefusal } from "../quorum/lock-node.ts";
import {
  ballotsBefore,
  granting,
  infoOf,
  isBlocking,
  isHeldBy,
  isHolder,
  isOver,
  latest,
  noting,
  prolonged,
  regranting,
  without,
  wholeMs,
  withoutWriter,
  type Entry,
  type NodeRecord,
} from "./record.ts";

/** When a vote is taken, and how far from it a ballot may be. */
export interface Moment {
  /** The node's clock, in microseconds. */
  readonly nowUs: number;
  readonly maxSkewUs: number;
}

export interface Step {
  readonly answer: NodeAnswer;
  /** What the node knows afterwards, resource by resource. */
  readonly records: readonly NodeRecord[];
}

/** @param records one for each of the claim's resources, alive entries only. */
export function acquire(
  records: readonly NodeRecord[],
  claim: Claim,
  { ttlMs, ballot }: { readonly ttlMs: number; readonly ballot: number },
  moment: Moment,
): Step {
  const nowMs = wholeMs(moment.nowUs);
  const obstacle =
    first(records, (record, index) => conflict(record, claim, index, nowMs)) ??
    first(records, (record, index) => ballotProblem(record, claim, index, { ballot, ...moment }));
  if (obstacle !== undefined) {
    const highest = Math.max(...records.map((record) => record.ballot));
    const answer = { ...obstacle, fencingToken: highest, clockUs: moment.nowUs };
    return { answer, records: records.map((record) => withWaitingWriter(record, claim, nowMs)) };
  }
  // After its clock was set back, a node's time is at least what its ballots prove it to have been.
  const { nowUs, maxSkewUs } = moment;
  const begin = ballot > nowUs + maxSkewUs ? Math.ceil((ballot - maxSkewUs) / 1000) : nowMs;
  const until = begin + ttlMs;
  return {
    answer: { vote: "granted", clockUs: moment.nowUs },
    records: records.map((record) => granting(record, claim, ballot, until)),
  };
}

/** All resources or none; never shorter than it was. */
export function extend(
  records: readonly NodeRecord[],
  claim: Claim,
  { ttlMs, fencingToken, sentAtUs }: ExtensionTerms & { readonly ttlMs: number },
  { nowUs, maxSkewUs }: Moment,
): Step {
  const nowMs = wholeMs(nowUs);
  if (Math.abs(sentAtUs - nowUs) > maxSkewUs) {
    return { answer: refused("clock", claim, 0, nowUs), records };
  }
  const gone = records.findIndex((record) => !isRenewable(record, claim, fencingToken));
  if (gone !== -1) return { answer: noLonger(records[gone], claim, gone), records };
  const until = nowMs + ttlMs;
  return {
    answer: { vote: "granted", clockUs: nowUs },
    records: records.map((record) =>
      isHeldBy(record, claim.owner)
        ? prolonged(record, claim.owner, until)
        : regranting(record, claim, fencingToken, until),
    ),
  };
}

/** Granted when all resources were held by the owner. */
export function release(
  records: readonly NodeRecord[],
  claim: Claim,
  tombstoneMs: number,
  nowMs: number,
): Step {
  const { owner, waiting } = claim;
  const gone = waiting?.forMs === 0 ? waiting.id : undefined;
  const unknown = records.findIndex((record) => !isHeldBy(record, owner));
  const after = records.map((known) => {
    const record = gone === undefined ? known : withoutWriter(known, gone);
    // Nobody ever had what was not granted by a quorum: the node forgets that it voted for it.
    const ballots = claim.granted ? {} : ballotsBefore(record, owner);
    const left = isHeldBy(record, owner) ? { ...without(record, owner), ...ballots } : record;
    if (tombstoneMs === 0) return left;
    return noting(left, { kind: "withdrawn", owner, until: nowMs + tombstoneMs });
  });
  const answer = unknown === -1 ? granted : noLonger(records[unknown], claim, unknown);
  return { answer, records: after };
}

export const granted: NodeAnswer = { vote: "granted" };

function conflict(
  { entries }: NodeRecord,
  claim: Claim,
  index: number,
  nowMs: number,
): NodeRefusal | undefined {
  const resource = claim.resources[index] ?? "";
  if (entries.some((entry) => isOver(entry, claim.owner))) return refusal("withdrawn", resource);
  if (claim.steal) return undefined;
  const blocking = latest(entries.filter((entry) => isBlocking(entry, claim)));
  if (blocking === undefined) return undefined;
  const freeInMs = blocking.until - nowMs;
  return isHolder(blocking)
    ? refusal("held", resource, { holder: infoOf(blocking), freeInMs })
    : refusal("writer-waiting", resource, { freeInMs });
}

/**
 * A ballot has to be above all that were accepted, and about what the node's clock says. A node whose
 * clock was set back accepts what follows its own ballots, or nobody could lock until time catches up.
 */
function ballotProblem(
  record: NodeRecord,
  claim: Claim,
  index: number,
  { ballot, nowUs, maxSkewUs }: Moment & { readonly ballot: number },
): NodeRefusal | undefined {
  const own = record.entries.find((entry) => isHolder(entry) && entry.owner === claim.owner);
  const isAgain = own !== undefined && isHolder(own) && own.fencingToken === ballot;
  if (ballot <= record.ballot && !isAgain) return refused("stale-ballot", claim, index, nowUs);
  const most = Math.max(nowUs, record.ballot > nowUs + maxSkewUs ? record.ballot : 0) + maxSkewUs;
  const isFitting = ballot >= nowUs - maxSkewUs && ballot <= most;
  return isFitting ? undefined : refused("clock", claim, index, nowUs);
}

function withWaitingWriter(record: NodeRecord, claim: Claim, nowMs: number): NodeRecord {
  const { entries } = record;
  const blocking = entries.filter((entry) => isHolder(entry) && isBlocking(entry, claim));
  const isBehindReaders =
    blocking.length > 0 && blocking.every((entry) => isHolder(entry) && entry.mode === "shared");
  const isDone = entries.some((entry) => isOver(entry, claim.owner));
  if (claim.waiting === undefined || !isBehindReaders || isDone || claim.steal) return record;
  const { id, forMs } = claim.waiting;
  return noting(record, { kind: "writer", owner: id, until: nowMs + forMs });
}

/** Held, or lost by the node alone: nobody who would exclude the owner was granted anything since. */
function isRenewable(record: NodeRecord, claim: Claim, fencingToken: number): boolean {
  if (isHeldBy(record, claim.owner)) return true;
  const newest = claim.mode === "exclusive" ? record.ballot : record.exclusiveBallot;
  const isInTheWay = (entry: Entry): boolean =>
    isOver(entry, claim.owner) || (isHolder(entry) && isBlocking(entry, claim));
  return newest <= fencingToken && !record.entries.some(isInTheWay);
}

function noLonger(record: NodeRecord | undefined, claim: Claim, index: number): NodeRefusal {
  const isRobbed = record?.entries.some((e) => e.kind === "broken" && e.owner === claim.owner);
  return refusal(isRobbed === true ? "broken" : "missing", claim.resources[index] ?? "");
}

function refused(reason: RefusalReason, claim: Claim, index: number, clockUs: number): NodeRefusal {
  return { ...refusal(reason, claim.resources[index] ?? ""), clockUs };
}

function first<T>(
  records: readonly NodeRecord[],
  find: (record: NodeRecord, index: number) => T | undefined,
): T | undefined {
  for (const [index, record] of records.entries()) {
    const found = find(record, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
