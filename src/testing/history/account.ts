import type { Mode } from "../../core/claim.ts";
import type { EventOf, HistoryEvent } from "./event.ts";

/** An event and its place in the history. */
export interface Ranked<Event extends HistoryEvent = HistoryEvent> {
  readonly rank: number;
  readonly event: Event;
}

/** What became of one attempt. */
export interface Account {
  readonly invoke: Ranked<EventOf<"invoke">>;
  granted: Ranked<EventOf<"granted">> | undefined;
  failed: Ranked<EventOf<"failed">> | undefined;
  /** The latest round that was won while it lived. */
  latest: Round | undefined;
  /** How it ended by its own doing or knowledge, if it did. */
  ending: Ranked<EventOf<"releasing" | "lost">> | undefined;
  /** When a node first took it away. */
  robbery: Ranked<EventOf<"drop">> | undefined;
}

/** An attempt that was handed out. */
export interface Grant extends Account {
  granted: Ranked<EventOf<"granted">>;
  latest: Round;
}

/** A won round: the grant itself, or an extension. */
export interface Round extends Ranked<EventOf<"granted" | "extended">> {
  readonly grant: Grant;
  /** Until when the lock is valid from then on: no round makes it shorter. */
  readonly validUntil: number;
  readonly previous: Round | undefined;
}

export function isGrant(account: Account | undefined): account is Grant {
  return account?.granted !== undefined;
}

/** Until when the lock is guaranteed. */
export function untilOf({ latest, ending, robbery }: Grant): number {
  return Math.min(latest.validUntil, ending?.event.at ?? Infinity, robbery?.event.at ?? Infinity);
}

export function tokenOf({ granted }: Grant): number {
  return granted.event.fencingToken;
}

/** By which token nodes vote for it. */
export function votedTokenOf({ granted }: Grant): number {
  return granted.event.lastToken ?? granted.event.fencingToken;
}

export function excludes(a: Mode, b: Mode): boolean {
  return a === "exclusive" || b === "exclusive";
}

/** The asking and the grant, and the first round that made it last beyond an instant. */
export function proofOf(grant: Grant, beyond: number = -Infinity): Ranked[] {
  let round: Round | undefined = grant.latest;
  while (round.previous !== undefined && round.previous.validUntil > beyond) round = round.previous;
  return [grant.invoke, grant.granted, round];
}

/** The events in the order of the history, each once. */
export function excerpt(...ranked: readonly Ranked[]): HistoryEvent[] {
  const events = new Map(ranked.map(({ rank, event }) => [rank, event]));
  return [...events].toSorted(([a], [b]) => a - b).map(([, event]) => event);
}
