import type { Claim } from "../core/claim.ts";
import { refusal } from "../core/vote.ts";
import type { NodeRefusal } from "../quorum/lock-node.ts";
import type { Place } from "../quorum/place.ts";
import { refused } from "./answer.ts";
import { firstOf, isWaiting, precedes } from "./queue.ts";
import {
  infoOf,
  isHeldBy,
  isHolder,
  isInTheWay,
  isOver,
  latest,
  type Entry,
  type NodeRecord,
} from "./record.ts";

/** When a vote is taken, and how far from it a ballot may be. */
export interface Moment {
  /** The node's clock, in microseconds. */
  readonly nowUs: number;
  readonly maxSkewUs: number;
}

/** Holders come before those who wait: they are what the others wait for. */
export function conflict(
  { entries }: NodeRecord,
  claim: Claim,
  index: number,
  place: Place | undefined,
  nowMs: number,
): NodeRefusal | undefined {
  const resource = claim.resources[index] ?? "";
  if (entries.some((entry) => isOver(entry, claim.owner))) return refusal("withdrawn", resource);
  if (claim.steal) return undefined;
  const holder = latest(entries.filter((entry) => isInTheWay(entry, claim)));
  if (holder !== undefined) {
    const freeInMs = holder.until - nowMs;
    return refusal("held", resource, { holder: infoOf(holder), freeInMs });
  }
  const waiting = entries.filter(isWaiting).filter((entry) => precedes(entry, claim, place));
  const ahead = firstOf(waiting);
  if (ahead === undefined) return undefined;
  const reason = claim.mode === "shared" ? "writer-waiting" : "queued";
  return refusal(reason, resource, { freeInMs: ahead.until - nowMs });
}

/**
 * A ballot has to be above all that were accepted, and about what the node's clock says. A node whose
 * clock was set back accepts what follows its own ballots, or nobody could lock until time catches up.
 */
export function ballotProblem(
  record: NodeRecord,
  claim: Claim,
  index: number,
  { ballot, top, nowUs, maxSkewUs }: Moment & { readonly ballot: number; readonly top: number },
): NodeRefusal | undefined {
  const own = record.entries.find((entry) => isHolder(entry) && entry.owner === claim.owner);
  const isAgain = own !== undefined && isHolder(own) && own.fencingToken === top;
  if (ballot <= record.ballot && !isAgain) return refused("stale-ballot", claim, index, nowUs);
  const most = Math.max(nowUs, record.ballot > nowUs + maxSkewUs ? record.ballot : 0) + maxSkewUs;
  const isFitting = ballot >= nowUs - maxSkewUs && top <= most;
  return isFitting ? undefined : refused("clock", claim, index, nowUs);
}

/** Held, or lost by the node alone: nobody who would exclude the owner was granted anything since. */
export function isRenewable(record: NodeRecord, claim: Claim, fencingToken: number): boolean {
  if (isHeldBy(record, claim.owner)) return true;
  const newest = claim.mode === "exclusive" ? record.ballot : record.exclusiveBallot;
  const isObstacle = (entry: Entry): boolean =>
    isOver(entry, claim.owner) || isInTheWay(entry, claim);
  return newest <= fencingToken && !record.entries.some(isObstacle);
}
