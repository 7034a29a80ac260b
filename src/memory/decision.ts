import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { leavingId, racing, type NextPlace, type Place } from "../quorum/place.ts";
import { spareTokensOf } from "../quorum/relay.ts";
import { first, granted, noLonger, refused } from "./answer.ts";
import { ballotProblem, conflict, isRenewable, type Moment } from "./obstacle.ts";
import { isAwaited, joining, queued, telling, withoutWaiting, type Tell } from "./queue.ts";
import {
  ballotsBefore,
  granting,
  isHeldBy,
  noting,
  prolonged,
  regranting,
  without,
  wholeMs,
  type NodeRecord,
} from "./record.ts";

export interface Step {
  readonly answer: NodeAnswer;
  /** What the node knows afterwards, resource by resource. */
  readonly records: readonly NodeRecord[];
}

export interface Grounds {
  readonly ttlMs: number;
  /** The lowest token; the claim takes as many above it as it has to spare. */
  readonly ballot: number;
  /** Where it stands in the queue. */
  readonly place?: Place | undefined;
  readonly tell?: Tell;
}

/** @param known one record for each of the claim's resources, alive entries only. */
export function acquire(
  known: readonly NodeRecord[],
  claim: Claim,
  { ttlMs, ballot, place, tell = nobody }: Grounds,
  moment: Moment,
): Step {
  const nowMs = wholeMs(moment.nowUs);
  const top = ballot + spareTokensOf(claim);
  const isMinding = !claim.steal && place?.channel !== racing;
  const records = isMinding
    ? known.map((record) => telling(record, tell, nowMs, { place }))
    : known;
  const conflicts = records.map((record, index) => conflict(record, claim, index, place, nowMs));
  const obstacle =
    conflicts.find((found) => found !== undefined) ??
    first(records, (record, index) =>
      ballotProblem(record, claim, index, { ballot, top, ...moment }),
    );
  if (obstacle !== undefined) {
    const highest = Math.max(...records.map((record) => record.ballot));
    const answer = { ...obstacle, fencingToken: highest, clockUs: moment.nowUs };
    return { answer, records: queued(records, claim, place, conflicts, nowMs) };
  }
  // After its clock was set back, a node's time is at least what its ballots prove it to have been.
  const { nowUs, maxSkewUs } = moment;
  const begin = top > nowUs + maxSkewUs ? Math.ceil((top - maxSkewUs) / 1000) : nowMs;
  const terms = { fencingToken: top, until: begin + ttlMs };
  const after = records.map((record) => granting(record, claim, terms, place?.id));
  const answer: NodeAnswer = { vote: "granted", clockUs: moment.nowUs };
  return {
    answer: after.some(isAwaited) ? { ...answer, isAwaited: true } : answer,
    records: after,
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

export interface Leaving {
  readonly tombstoneMs: number;
  /** The next one of the same process, which takes its place in the queue, and where it stands. */
  readonly next?: NextPlace | undefined;
  readonly tell?: Tell;
}

/** Granted when all resources were held by the owner. Tells those whose turn it is now. */
export function release(
  records: readonly NodeRecord[],
  claim: Claim,
  { tombstoneMs, next, tell = nobody }: Leaving,
  nowMs: number,
): Step {
  const { owner } = claim;
  const gone = leavingId(claim);
  const unknown = records.findIndex((record) => !isHeldBy(record, owner));
  const after = records.map((known) => {
    const record = gone === undefined ? known : withoutWaiting(known, gone);
    // Nobody ever had what was not granted by a quorum: the node forgets that it voted for it.
    const ballots = claim.granted ? {} : ballotsBefore(record, owner);
    const left = isHeldBy(record, owner) ? { ...without(record, owner), ...ballots } : record;
    const waiting = next ? joining(left, next, nowMs) : left;
    const told = telling(waiting, tell, nowMs);
    if (tombstoneMs === 0) return told;
    return noting(told, { kind: "withdrawn", owner, until: nowMs + tombstoneMs });
  });
  const answer = unknown === -1 ? granted : noLonger(records[unknown], claim, unknown);
  return { answer, records: after };
}

/** Where nobody listens, and nobody is missed. */
const nobody: Tell = () => 1;
