import { ConfigurationError } from "../core/error.ts";
import type {
  Attempt,
  Extension,
  FailedWhy,
  ForcedRelease,
  ReleaseOutcome,
} from "../core/lock-backend.ts";
import type { RefusedVote, Vote } from "../core/vote.ts";

/**
 * What the votes of a lost acquire round mean. Enough votes that came too late are `late`. Refusals and
 * faults are told apart: too many faults are `unreachable`, whoever else may hold it; too much foreign
 * data is an error for a human.
 *
 * @throws {ConfigurationError} when keys that hold foreign data leave too few nodes.
 */
export function whyNotGranted(
  votes: readonly Vote[],
  quorum: number,
  resources: readonly string[],
): FailedWhy {
  if (votes.filter((vote) => vote.vote === "granted").length >= quorum) return "late";
  const foreign = votes.filter(isForeign);
  if (votes.length - foreign.length < quorum) throw foreignData(foreign, resources, votes);
  const faulty = votes.filter(isFault).length;
  if (votes.length - faulty < quorum) return "unreachable";
  if (votes.length - faulty - foreign.length < quorum) throw foreignData(foreign, resources, votes);
  return "held";
}

/** @throws {ConfigurationError} when keys that hold foreign data leave too few nodes. */
export function refusedAttempt(
  votes: readonly Vote[],
  quorum: number,
  resources: readonly string[],
): Attempt {
  const why = whyNotGranted(votes, quorum, resources);
  const retryAfterMs = freeInMs(votes, quorum);
  return { granted: false, why, votes, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function countGranted(votes: readonly Vote[]): number {
  return votes.filter(({ vote }) => vote === "granted").length;
}

/**
 * Milliseconds until enough nodes are free by themselves; `undefined` when that cannot be told. Those that
 * have not answered yet may be free: who asks again too early is told once more.
 */
export function freeInMs(votes: readonly Vote[], quorum: number): number | undefined {
  const granted = countGranted(votes) + votes.filter(isPending).length;
  const waits = votes
    .flatMap((vote) => (vote.vote === "refused" ? (vote.freeInMs ?? []) : []))
    .toSorted((a, b) => a - b);
  const last = waits[Math.max(0, quorum - granted - 1)];
  return last === undefined ? undefined : last + 1;
}

/** Whether another ballot, and nothing else, could make a quorum of these votes. */
export function wantsAnotherBallot(votes: readonly Vote[], quorum: number): boolean {
  const stale = votes.filter(isStale);
  // Unless somebody is known to hold it, those who have not answered yet may well grant it.
  const isHeld = votes.some((vote) => isRefused(vote) && !isStale(vote));
  const openCount = isHeld ? 0 : votes.filter(isPending).length;
  return stale.length > 0 && stale.length + countGranted(votes) + openCount >= quorum;
}

/**
 * What no ballot for the same resources may be below, if a quorum is to take it. A few nodes that have
 * accepted far more than the others, because their clock was wrong, do not count.
 */
export function ballotToExceed(votes: readonly Vote[], quorum: number, proposed: number): number {
  const accepted = votes.map((vote) => {
    if (vote.vote === "granted") return proposed;
    if (vote.vote === "refused") return vote.fencingToken ?? 0;
    return isFault(vote) ? Infinity : 0;
  });
  const least = accepted.toSorted((a, b) => a - b)[quorum - 1] ?? 0;
  return Number.isFinite(least) ? least : 0;
}

export function whyNotExtended(
  votes: readonly Vote[],
  quorum: number,
): (Extension & { extended: false })["why"] {
  return lossOf(votes, quorum) ?? "unreachable";
}

export function releaseOutcome(
  isWon: boolean,
  votes: readonly Vote[],
  quorum: number,
): ReleaseOutcome["released"] {
  return isWon ? "yes" : (lossOf(votes, quorum) ?? "unknown");
}

/** @throws {ConfigurationError} when keys that hold foreign data leave too few nodes. */
export function forcedRelease(
  votes: readonly Vote[],
  quorum: number,
  resource: string,
): ForcedRelease {
  const foreign = votes.filter(isForeign);
  if (votes.length - foreign.length < quorum) throw foreignData(foreign, [resource], votes);
  const done = votes.length - foreign.length - votes.filter(isFault).length >= quorum;
  return { done, found: votes.some((vote) => vote.vote === "granted"), votes };
}

/** Whether so many nodes do not know the owner any more that a quorum is out of reach. */
function lossOf(votes: readonly Vote[], quorum: number): "broken" | "missing" | undefined {
  const refused = votes.filter((vote): vote is RefusedVote => !isFault(vote) && isRefused(vote));
  if (votes.length - refused.length >= quorum) return undefined;
  return refused.some((vote) => vote.reason === "broken") ? "broken" : "missing";
}

/** Another ballot might do. */
function isStale(vote: Vote): boolean {
  return isRefused(vote) && (vote.reason === "stale-ballot" || vote.reason === "clock");
}

function isRefused(vote: Vote): vote is RefusedVote {
  return vote.vote === "refused";
}

function isForeign(vote: Vote): vote is RefusedVote {
  return vote.vote === "refused" && vote.reason === "foreign";
}

/** A node that has not answered yet, or was not asked any more when it was decided, is not at fault. */
function isFault(vote: Vote): boolean {
  if (vote.vote === "refused") return vote.reason === "clock";
  return vote.vote === "unknown" && !isPending(vote) && vote.reason !== "withdrawn";
}

function isPending(vote: Vote): boolean {
  return vote.vote === "unknown" && vote.reason === "pending";
}

function foreignData(
  foreign: readonly RefusedVote[],
  resources: readonly string[],
  votes: readonly Vote[],
): ConfigurationError {
  const where = foreign.map(({ node }) => node).join(", ");
  const names = [...new Set(foreign.map((vote) => JSON.stringify(vote.resource)))].join(", ");
  return new ConfigurationError(
    `under the key of ${names} lies data that is not a lock, on ${where}. It was left as it is: ` +
      `delete it, rename the resource, or choose another keyPrefix.`,
    resources,
    votes,
  );
}
