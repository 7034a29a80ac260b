/**
 * The checks of a history as one would say them: every event with every other one. Too slow for use, and
 * so simple that a mistake would show. Shares nothing with the real one but the types.
 */
import type { CheckId, EventOf, HistoryEvent } from "../../src/testing.ts";

export interface SlowFinding {
  readonly check: CheckId;
  readonly at: number;
  /** The one at fault, then the one in its way. */
  readonly attempts: readonly string[];
  readonly resource: string | undefined;
}

type Mode = "exclusive" | "shared";

interface Held {
  readonly attempt: string;
  readonly client: string;
  readonly mode: Mode;
  readonly resources: readonly string[];
  readonly token: number;
  /** By which nodes vote for it. */
  readonly voted: number;
  readonly invokedAt: number;
  /** Places in the history. */
  readonly invoked: number;
  readonly granted: number;
  readonly grant: EventOf<"granted">;
}

/** Whatever violates a check, with every other one that it does not go together with. */
export function slowFindings(history: readonly HistoryEvent[]): SlowFinding[] {
  const events = history.toSorted((a, b) => a.at - b.at);
  return [
    ...exclusion(events),
    ...beliefs(events),
    ...births(events),
    ...tokens(events),
    ...slots(events),
    ...nodes(events),
    ...writes(events),
    ...continuity(events),
  ];
}

export function slowCoverage(history: readonly HistoryEvent[]): {
  readonly contendedHandoffCount: number;
  readonly handoffUnderFaultCount: number;
  readonly holderFaultCount: number;
} {
  const events = history.toSorted((a, b) => a.at - b.at);
  const all = held(events);
  const isFault = (event: HistoryEvent): boolean => event.type === "fault";
  const handoffs = all.flatMap((next) =>
    next.resources.flatMap((resource) => {
      const former = all.findLast(
        (other) =>
          other.granted < next.granted &&
          conflict(other, next) &&
          other.resources.includes(resource),
      );
      if (former === undefined || former.client === next.client) return [];
      if (!isWanted(events, former, resource, next.granted)) return [];
      return [{ isUnderFault: events.slice(former.granted, next.granted).some(isFault) }];
    }),
  );
  return {
    contendedHandoffCount: handoffs.length,
    handoffUnderFaultCount: handoffs.filter(({ isUnderFault }) => isUnderFault).length,
    holderFaultCount: events.filter(
      ({ type, at }) =>
        type === "fault" && all.some((each) => each.grant.at <= at && at < until(events, each)),
    ).length,
  };
}

/** Whether, up to this place, somebody else asked during the hold, or was waiting when it began. */
function isWanted(
  events: readonly HistoryEvent[],
  hold: Held,
  resource: string,
  upTo: number,
): boolean {
  return events.some((event, place) => {
    if (event.type !== "invoke" || event.client === hold.client || place > upTo) return false;
    if (!event.resources.includes(resource) || !conflict(event, hold)) return false;
    const answered = events.findIndex(
      (other) =>
        (other.type === "granted" || other.type === "failed") && other.attempt === event.attempt,
    );
    if (place < hold.granted) return answered > hold.granted;
    return event.at < until(events, hold);
  });
}

function held(events: readonly HistoryEvent[]): Held[] {
  return events.flatMap((grant, granted) => {
    if (grant.type !== "granted") return [];
    const invoked = events.findIndex(
      (event) => event.type === "invoke" && event.attempt === grant.attempt,
    );
    const invoke = events[invoked] as EventOf<"invoke">;
    const { attempt, client, mode, resources, at: invokedAt } = invoke;
    const token = grant.fencingToken;
    const voted = grant.lastToken ?? token;
    const places = { invokedAt, invoked, granted, grant };
    return [{ attempt, client, mode, resources, token, voted, ...places }];
  });
}

function conflict(a: { readonly mode: Mode }, b: { readonly mode: Mode }): boolean {
  return a.mode === "exclusive" || b.mode === "exclusive";
}

function shared(a: Held, b: Held): string[] {
  return a.resources.filter((resource) => b.resources.includes(resource));
}

function isEnd(event: HistoryEvent, attempt: string): boolean {
  return (event.type === "releasing" || event.type === "lost") && event.attempt === attempt;
}

/** Whether what stands at this place is a robbery, and this attempt had what was taken, or had it later. */
function isRobbery(events: readonly HistoryEvent[], place: number, attempt: string): boolean {
  const event = events[place];
  if (event?.type !== "drop" || (event.kind !== "steal" && event.kind !== "force")) return false;
  const heirs = events.flatMap((other, granted) =>
    other.type === "granted" && other.handedOn?.wonBy === event.attempt
      ? [{ attempt: other.attempt, granted }]
      : [],
  );
  const now = heirs.findLast(({ granted }) => granted < place)?.attempt ?? event.attempt;
  const later = heirs.filter(({ granted }) => granted > place);
  return attempt === now || later.some((heir) => heir.attempt === attempt);
}

/** The validity as it stands after these events: extensions before the end count. */
function validity(events: readonly HistoryEvent[], attempt: string): number {
  const end = events.findIndex((event) => isEnd(event, attempt));
  const ofThem = events.flatMap((event, place) => {
    if (event.type === "granted" && event.attempt === attempt) return [event.validUntil];
    const isCounted = event.type === "extended" && event.attempt === attempt;
    return isCounted && (end === -1 || place < end) ? [event.validUntil] : [];
  });
  return Math.max(...ofThem);
}

function until(events: readonly HistoryEvent[], { attempt }: Held): number {
  const ends = events.filter(
    (event, place) => isEnd(event, attempt) || isRobbery(events, place, attempt),
  );
  return Math.min(validity(events, attempt), ...ends.map(({ at }) => at));
}

function exclusion(events: readonly HistoryEvent[]): SlowFinding[] {
  const all = held(events);
  return all.flatMap((later) =>
    all.flatMap((earlier) => {
      if (earlier.granted >= later.granted || !conflict(earlier, later)) return [];
      const from = Math.max(earlier.grant.at, later.grant.at);
      const overlap = Math.min(until(events, earlier), until(events, later)) - from;
      return overlap > 0 ? pairs("C1", later.grant.at, later, earlier) : [];
    }),
  );
}

function beliefs(events: readonly HistoryEvent[]): SlowFinding[] {
  return events.flatMap((event, place) => {
    if (event.type !== "belief" || !event.held) return [];
    const before = events.slice(0, place);
    const isOver = before.some((other) => isEnd(other, event.attempt));
    if (!isOver && event.at < validity(before, event.attempt)) return [];
    return [{ check: "C2", at: event.at, attempts: [event.attempt], resource: undefined }];
  });
}

function births(events: readonly HistoryEvent[]): SlowFinding[] {
  const all = held(events);
  const stillborn = all
    .filter(({ grant: { at, validUntil, startedAt, votes, quorum } }) => {
      const isInTime = at <= validUntil && at - startedAt < validUntil - startedAt;
      return !isInTime || at < startedAt || votes < quorum;
    })
    .map(({ attempt, grant }): SlowFinding => ({
      check: "C3",
      at: grant.at,
      attempts: [attempt],
      resource: undefined,
    }));
  const badVotes = events.flatMap((event): SlowFinding[] => {
    if (event.type !== "vote") return [];
    const { attempt, fencingToken, isQuarantined, at, resource } = event;
    const one = all.find((each) => each.attempt === attempt && each.voted === fencingToken);
    if (one === undefined || (!isQuarantined && at >= one.grant.startedAt)) return [];
    return [{ check: "C3", at, attempts: [attempt], resource }];
  });
  return [...stillborn, ...badVotes];
}

function tokens(events: readonly HistoryEvent[]): SlowFinding[] {
  const all = held(events);
  return all.flatMap((later) =>
    all.flatMap((earlier) => {
      const { at } = later.grant;
      const isTwin = earlier.granted < later.granted && earlier.token === later.token;
      const { askedAt } = later.grant.handedOn ?? {};
      const isEarlier =
        askedAt === undefined ? earlier.granted < later.invoked : earlier.grant.at < askedAt;
      const isBehind = isEarlier && earlier.token >= later.token;
      return [
        ...(isTwin ? pairs("C4", at, later, earlier) : []),
        ...(isBehind ? pairs("C5", at, later, earlier) : []),
      ];
    }),
  );
}

function slots(events: readonly HistoryEvent[]): SlowFinding[] {
  const all = held(events);
  const votes = events.flatMap((event, place) => {
    if (event.type !== "vote") return [];
    const one = all.find((each) => each.attempt === event.attempt);
    return one?.voted === event.fencingToken ? [{ ...event, one, place }] : [];
  });
  return votes.flatMap((later) =>
    votes.flatMap((earlier): SlowFinding[] => {
      const isSameSlot = later.node === earlier.node && later.resource === earlier.resource;
      if (!isSameSlot || earlier.place >= later.place) return [];
      const isFirst = !votes.some(
        (each) =>
          each.place < later.place &&
          each.attempt === later.attempt &&
          each.node === later.node &&
          each.resource === later.resource,
      );
      const isToGetIt = isFirst && later.place < later.one.granted;
      if (!conflict(later.one, earlier.one) && !isToGetIt) return [];
      if (earlier.one.token <= later.one.token) return [];
      const attempts = [later.attempt, earlier.attempt];
      return [{ check: "C6", at: later.at, attempts, resource: later.resource }];
    }),
  );
}

function nodes(events: readonly HistoryEvent[]): SlowFinding[] {
  return events.flatMap((event): SlowFinding[] => {
    if (event.type === "leftover") {
      const { at, attempt, resource } = event;
      return [{ check: "C7", at, attempts: [attempt], resource }];
    }
    if (event.type !== "drop" || event.kind !== "release" || event.by === event.attempt) return [];
    const { at, attempt, by, resource } = event;
    return [{ check: "C7", at, attempts: [by, attempt], resource }];
  });
}

function writes(events: readonly HistoryEvent[]): SlowFinding[] {
  return events.flatMap((event, place): SlowFinding[] => {
    if (event.type !== "write" || !event.accepted) return [];
    const { at, attempt, resource, fencingToken } = event;
    const isEntitled = held(events.slice(0, place)).some(
      (each) =>
        each.attempt === attempt &&
        each.token === fencingToken &&
        each.resources.includes(resource),
    );
    const before = events.slice(0, place).flatMap((other): SlowFinding[] => {
      if (other.type !== "write" || !other.accepted || other.resource !== resource) return [];
      if (other.fencingToken <= fencingToken) return [];
      return [{ check: "C8", at, attempts: [attempt, other.attempt], resource }];
    });
    return isEntitled ? before : [{ check: "C8", at, attempts: [attempt], resource }, ...before];
  });
}

function continuity(events: readonly HistoryEvent[]): SlowFinding[] {
  const all = held(events);
  return all.flatMap((one) => {
    const end = events.findIndex((event) => isEnd(event, one.attempt));
    const rounds = events.flatMap((event, place) => {
      if (event.type !== "granted" && event.type !== "extended") return [];
      return event.attempt === one.attempt && (end === -1 || place < end || place === one.granted)
        ? [{ at: event.at, place }]
        : [];
    });
    const robbed = events.findIndex((_, place) => isRobbery(events, place, one.attempt));
    return rounds.slice(1).flatMap(({ at, place }, index) => {
      if (robbed !== -1 && robbed < place) return [];
      const since = rounds[index]?.place ?? 0;
      return all.flatMap((other) => {
        const isBetween = other.granted > since && other.granted < place;
        const isSuccessor = isBetween && other.token > one.token && conflict(one, other);
        return isSuccessor ? pairs("C10", at, one, other) : [];
      });
    });
  });
}

function pairs(check: CheckId, at: number, one: Held, other: Held): SlowFinding[] {
  const attempts = [one.attempt, other.attempt];
  return shared(one, other).map((resource) => ({ check, at, attempts, resource }));
}
