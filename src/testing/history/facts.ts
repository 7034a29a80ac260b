import {
  isGrant,
  votedTokenOf,
  type Account,
  type Grant,
  type Ranked,
  type Round,
} from "./account.ts";
import type { EventOf, HistoryEvent } from "./event.ts";
import { contradiction, Reader, type Asked } from "./reader.ts";

/** A history, sorted out. All lists are in the order of the history. */
export interface Facts {
  readonly events: readonly HistoryEvent[];
  readonly accounts: ReadonlyMap<string, Account>;
  readonly grants: readonly Grant[];
  /** All won rounds: grants, and extensions of what was not released or lost. */
  readonly rounds: readonly Round[];
  readonly beliefs: readonly Asked[];
  /** Votes for what was granted, with the token that was granted. */
  readonly votes: readonly Counted[];
  readonly writes: readonly Ranked<EventOf<"write">>[];
}

export interface Counted extends Ranked<EventOf<"vote">> {
  readonly grant: Grant;
}

/**
 * Events are taken in the order of their instants; those of one instant in the order in which they stand.
 *
 * @throws {Error} when the history contradicts itself: who recorded it is at fault, not the lock.
 */
export function factsOf(history: readonly HistoryEvent[]): Facts {
  const events = inOrder(history);
  const reader = new Reader();
  events.forEach((event, rank) => reader.read(event, rank));
  const { accounts, grants, rounds, beliefs, writes } = reader;
  const votes: Counted[] = [];
  for (const { event, rank } of reader.votes) {
    const grant = accounts.get(event.attempt);
    if (!isGrant(grant) || votedTokenOf(grant) !== event.fencingToken) continue;
    votes.push({ event, rank, grant });
  }
  return { events, accounts, grants, rounds, beliefs, votes, writes };
}

function inOrder(history: readonly HistoryEvent[]): readonly HistoryEvent[] {
  let before = -Infinity;
  let isSorted = true;
  for (const event of history) {
    if (!Number.isFinite(event.at)) throw contradiction(event, "has no instant");
    if (event.at < before) isSorted = false;
    before = event.at;
  }
  return isSorted ? history : history.toSorted((a, b) => a.at - b.at);
}
