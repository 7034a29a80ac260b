import type { Claim } from "../core/claim.ts";
import type { Refusal } from "../core/vote.ts";
import { mostWaiting, racing, turnMs, type NextPlace, type Place } from "../quorum/place.ts";
import { isHolder, isInTheWay, type Entry, type NodeRecord, type WaitingEntry } from "./record.ts";

/** Tells one who waits that its turn has come. Returns how many have heard it. */
export type Tell = (channel: string, id: string) => number;

export function isWaiting(entry: Entry): entry is WaitingEntry {
  return entry.kind === "waiting";
}

/** Whether somebody waits who minds the queue. */
export function isAwaited({ entries }: NodeRecord): boolean {
  return entries.some((entry) => isWaiting(entry) && entry.channel !== racing);
}

/** Whether one who waits comes before this claim, and does not go together with it. */
export function precedes(entry: WaitingEntry, { mode }: Claim, place: Place | undefined): boolean {
  if (!isBefore(entry, place)) return false;
  if (mode === "shared") return entry.mode === "exclusive";
  return place?.channel !== racing && entry.channel !== racing;
}

export function firstOf(entries: readonly WaitingEntry[]): WaitingEntry | undefined {
  return entries.toSorted(byTicket)[0];
}

/**
 * Tells those whose turn it is: one who wants to be alone, or all shared ones before it. Who has gone loses
 * its line, and who does not come in time, too.
 *
 * @param upTo only those who come before this place.
 */
export function telling(
  record: NodeRecord,
  tell: Tell,
  nowMs: number,
  upTo?: { readonly place: Place | undefined },
): NodeRecord {
  const holders = record.entries.filter(isHolder);
  if (holders.some(({ mode }) => mode === "exclusive")) return record;
  let isShared = holders.length > 0;
  let isWriterAhead = false;
  const changed = new Map<Entry, WaitingEntry | undefined>();
  for (const entry of record.entries.filter(isWaiting).toSorted(byTicket)) {
    if (upTo !== undefined && !isBefore(entry, upTo.place)) break;
    const isWriter = entry.mode === "exclusive";
    if (entry.channel === racing) {
      isWriterAhead ||= isWriter;
      continue;
    }
    if (isWriter ? isShared : isWriterAhead) break;
    if (!entry.isTold) {
      const isHeard = tell(entry.channel, entry.owner) > 0;
      const until = Math.min(entry.until, nowMs + turnMs);
      changed.set(entry, isHeard ? { ...entry, isTold: true, until } : undefined);
      if (!isHeard) continue;
    }
    if (isWriter) break;
    isShared = true;
  }
  if (changed.size === 0) return record;
  const entries = record.entries.flatMap((entry) =>
    changed.has(entry) ? (changed.get(entry) ?? []) : entry,
  );
  return { ...record, entries };
}

/** With this line, instead of the one that it may have had. Who came last finds no room. */
function queueing(record: NodeRecord, line: WaitingEntry): NodeRecord {
  const others = withoutWaiting(record, line.owner).entries;
  const queue = [...others.filter(isWaiting), line].toSorted(byTicket);
  const last = queue.length > mostWaiting ? queue.at(-1) : undefined;
  return { ...record, entries: [...others, line].filter((entry) => entry !== last) };
}

/** Where it was refused meanwhile, the line of the one that gives back is there already. */
export function joining(record: NodeRecord, next: NextPlace, nowMs: number): NodeRecord {
  const { claim, place, isToBeTold } = next;
  const isThere = record.entries.some((entry) => isWaiting(entry) && entry.owner === place.id);
  if (isThere && !isToBeTold) return record;
  return queueing(record, lineOf(claim, place, nowMs, !isToBeTold));
}

export function withoutWaiting(record: NodeRecord, id: string): NodeRecord {
  const isMeant = (entry: Entry): boolean => isWaiting(entry) && entry.owner === id;
  if (!record.entries.some(isMeant)) return record;
  return { ...record, entries: record.entries.filter((entry) => !isMeant(entry)) };
}

function lineOf({ mode }: Claim, place: Place, nowMs: number, isTold: boolean): WaitingEntry {
  const { id, since = 0, channel, forMs } = place;
  return { kind: "waiting", owner: id, mode, since, channel, isTold, until: nowMs + forMs };
}

/**
 * With its line where it is to wait: on all of its resources when it can be told; one that cannot, and
 * wants to be alone, only keeps new shared holders out.
 */
export function queued(
  records: readonly NodeRecord[],
  claim: Claim,
  place: Place | undefined,
  conflicts: readonly (Refusal | undefined)[],
  nowMs: number,
): readonly NodeRecord[] {
  const isDone = conflicts.some((found) => found?.reason === "withdrawn");
  const isWanted = conflicts.some((found) => found !== undefined) && !isDone;
  if (!isWanted || place === undefined || place.id === "" || place.forMs === 0) return records;
  return records.map((record, index) => {
    if (place.channel === racing && !isBehindReaders(record, claim)) return record;
    return queueing(record, lineOf(claim, place, nowMs, conflicts[index] === undefined));
  });
}

function isBehindReaders({ entries }: NodeRecord, claim: Claim): boolean {
  const holders = entries.filter((entry) => isInTheWay(entry, claim));
  return holders.length > 0 && holders.every(({ mode }) => mode === "shared");
}

function isBefore(entry: WaitingEntry, place: Place | undefined): boolean {
  if (place?.since === undefined) return true;
  if (entry.owner === place.id) return false;
  return byTicket(entry, { since: place.since, owner: place.id }) < 0;
}

function byTicket(a: Ticket, b: Ticket): number {
  return a.since - b.since || (a.owner < b.owner ? -1 : 1);
}

type Ticket = Pick<WaitingEntry, "since" | "owner">;
