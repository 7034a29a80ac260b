import type { Claim } from "../core/claim.ts";

/** What a node is told of one who waits: its line in the queue of a resource. */
export interface Place {
  /** Empty: it leaves no line. */
  readonly id: string;
  readonly forMs: number;
  /** Every node sorts by this, and by the id. Undefined: behind all who wait. */
  readonly since: number | undefined;
  /** Where it is told that its turn has come, or {@link racing}. */
  readonly channel: string;
}

/** Whoever races is told nothing, keeps only readers out when it waits, and minds no queue. */
export const racing = "!";

/** A node keeps no more lines of those who wait for one resource; who has waited longest stays. */
export const mostWaiting = 64;

/**
 * So long, in milliseconds, the one that was told has to come: longer than a message and the try that it
 * sets off take over any network. Then others may, too.
 */
export const turnMs = 250;

/**
 * `undefined`: the node is told nothing, and treats it as the last in the queue. So is the first try of one
 * that is not told on this node; it races from the second one on.
 *
 * @param channel where this process is told by this node; `undefined`: it is not.
 */
export function placeOf(
  { waiting, isRacing = false }: Claim,
  ballot: number,
  channel: string | undefined,
): Place | undefined {
  const since = waiting?.since ?? ballot;
  if (isRacing || (channel === undefined && waiting?.isKept === true)) {
    const { id, forMs } = (waiting?.isKept === true && waiting) || { id: "", forMs: 0 };
    return { id, forMs, since: id === "" ? undefined : since, channel: racing };
  }
  if (waiting === undefined || channel === undefined) return undefined;
  return { id: waiting.id, forMs: waiting.forMs, since, channel };
}

export interface Moment {
  /** In microseconds. */
  readonly nodesNowUs: number;
  /** By the clock of the world. */
  readonly now: number;
  /** Whether nodes may be told of the place. */
  readonly isHearing: boolean;
}

/** Draws its place, which stays the same over all tries: in the nodes' time, so that all nodes sort alike. */
export function takePlace({ waiting }: Claim, { nodesNowUs, now, isHearing }: Moment): void {
  if (waiting === undefined) return;
  if (isHearing && waiting.forMs > 0) waiting.isSent = true;
  if (waiting.since !== undefined) return;
  const agoUs = (now - waiting.askedAt) * 1000;
  waiting.since = Math.max(0, Math.floor(nodesNowUs - agoUs));
}

/** Some node may have its place in the queue. */
export function keepPlace(claim: Claim): Claim {
  if (claim.waiting !== undefined) claim.waiting.isKept = true;
  return claim;
}

/** The line that goes with a release: of one who was granted the lock, or waits no longer. */
export function leavingId({ waiting, granted }: Claim): string | undefined {
  if (waiting === undefined) return undefined;
  const { id, forMs, isKept = false, isSent = false } = waiting;
  return (isKept && granted) || ((isKept || isSent) && forMs === 0) ? id : undefined;
}

/**
 * Whether a release says nothing but that the holder goes: nobody is told, no line leaves or comes, and no
 * ballot is taken back. With one resource, a node has to do nothing but forget the holder.
 */
export function isBareRelease(claim: Claim, tombstoneMs: number, next?: NextPlace): boolean {
  const isMore = claim.isAwaited === true || tombstoneMs > 0 || next !== undefined;
  return claim.granted && !isMore && leavingId(claim) === undefined;
}

/** Whether there is nothing left to release: it was given back, and no node knows that it waits. */
export function isOver(claim: Claim): boolean {
  return claim.withdrawn && claim.waiting?.forMs === 0 && leavingId(claim) === undefined;
}

/** Who takes its place in the queue with a release. */
export interface NextPlace {
  readonly claim: Claim;
  readonly place: Place;
  /**
   * Whether it is told at once, should it be its turn. Not if it is the one that gives back: it has just
   * tried, and tries again soon.
   */
  readonly isToBeTold: boolean;
}

/** `undefined` for one that is not told on this node: it takes none. */
export function nextPlaceOf(
  next: Claim | undefined,
  giver: Claim,
  channel: string | undefined,
): NextPlace | undefined {
  if (next === undefined) return undefined;
  const isToBeTold = next !== giver;
  const place = placeOf(next, 0, channel);
  if (place === undefined || place.channel === racing || place.forMs === 0) return undefined;
  const forMs = isToBeTold ? place.forMs : Math.min(place.forMs, turnMs);
  return { claim: next, place: { ...place, forMs }, isToBeTold };
}
