import type { Claim, Mode } from "../core/claim.ts";
import type { NodeHolder } from "../core/inspection.ts";
import type { HolderInfo } from "../core/vote.ts";

/**
 * What a node knows of one resource: who holds it, which owners may not come in any more, who
 * waits, and the highest ballots that it accepted. The scripts in `redis/script/` decide the
 * same on the same entries; the contract suite and a comparison of both run over them.
 */
export interface NodeRecord extends Ballots {
  /** What they were before the newest of them. */
  readonly before: Ballots;
  readonly entries: readonly Entry[];
}

export interface Ballots {
  /** The highest that was accepted; 0: none. */
  readonly ballot: number;
  /** The highest that was accepted for exclusive use. */
  readonly exclusiveBallot: number;
}

const noBallots: Ballots = { ballot: 0, exclusiveBallot: 0 };

export const emptyRecord: NodeRecord = { ...noBallots, before: noBallots, entries: [] };

export type Entry = HolderEntry | NoteEntry | WaitingEntry;

export interface HolderEntry extends HolderInfo {
  readonly kind: "holder";
  readonly fencingToken: number;
  /** Node time in milliseconds; the entry counts up to and including this instant. */
  readonly until: number;
}

/**
 * - `withdrawn`: this owner was released before its acquire came;
 * - `broken`: this owner was robbed.
 */
export interface NoteEntry {
  readonly kind: "withdrawn" | "broken";
  readonly owner: string;
  readonly until: number;
}

/** One who waits: its line in the queue. */
export interface WaitingEntry {
  readonly kind: "waiting";
  /** The request, over all its tries. */
  readonly owner: string;
  readonly mode: Mode;
  /** Where it stands in the queue, in microseconds. */
  readonly since: number;
  readonly channel: string;
  /** Whether it was told that its turn has come. */
  readonly isTold: boolean;
  readonly until: number;
}

/** A node keeps no more notes of one kind for one resource; the newest stay. */
export const mostNotes = 16;

/** The entries whose time is not over, and what this owner has. */
export function alive(record: NodeRecord, nowMs: number, owner?: string): NodeRecord {
  const isOver = (entry: Entry): boolean =>
    entry.until < nowMs && !(isHolder(entry) && entry.owner === owner);
  if (!record.entries.some(isOver)) return record;
  return { ...record, entries: record.entries.filter((entry) => !isOver(entry)) };
}

export function isHolder(entry: Entry): entry is HolderEntry {
  return entry.kind === "holder";
}

export function isHeldBy({ entries }: NodeRecord, owner: string): boolean {
  return entries.some((entry) => isHolder(entry) && entry.owner === owner);
}

export function infoOf({ owner, mode, clientId, host, pid }: HolderEntry): HolderInfo {
  return { owner, mode, clientId, host, pid };
}

/** What it is for those who inspect. */
export function heldBy(holder: HolderEntry, nowMs: number): NodeHolder {
  const { fencingToken, until } = holder;
  return { ...infoOf(holder), fencingToken, remainingMs: until - nowMs };
}

/** Whether somebody else holds it in a mode that does not go together with the claim's. */
export function isInTheWay(entry: Entry, claim: Claim): entry is HolderEntry {
  if (!isHolder(entry) || entry.owner === claim.owner) return false;
  return claim.mode === "exclusive" || entry.mode === "exclusive";
}

/** Whether a note says that this owner may not come in any more. */
export function isOver(entry: Entry, owner: string): boolean {
  return (entry.kind === "withdrawn" || entry.kind === "broken") && entry.owner === owner;
}

export function latest(holders: readonly HolderEntry[]): HolderEntry | undefined {
  return holders.toSorted((a, b) => b.until - a.until || (a.owner < b.owner ? -1 : 1))[0];
}

export function prolonged(record: NodeRecord, owner: string, until: number): NodeRecord {
  const entries = record.entries.map((entry) =>
    isHolder(entry) && entry.owner === owner && entry.until < until ? { ...entry, until } : entry,
  );
  return { ...record, entries };
}

export function raised(record: NodeRecord, mode: Mode, to: number): NodeRecord {
  const ballot = Math.max(record.ballot, to);
  const exclusiveBallot =
    mode === "exclusive" ? Math.max(record.exclusiveBallot, to) : record.exclusiveBallot;
  return { ...record, ballot, exclusiveBallot };
}

/** The ballots that a record has without what this owner was granted, if that was the last grant. */
export function ballotsBefore(
  { ballot, exclusiveBallot, before, entries }: NodeRecord,
  owner: string,
): Ballots {
  const own = entries.find((entry) => isHolder(entry) && entry.owner === owner);
  const token = own !== undefined && isHolder(own) ? own.fencingToken : undefined;
  return {
    ballot: ballot === token ? before.ballot : ballot,
    exclusiveBallot: exclusiveBallot === token ? before.exclusiveBallot : exclusiveBallot,
  };
}

/**
 * A new grant. Whoever steals robs those who hold it.
 *
 * @param waitingId whose line is not wanted any more.
 */
export function granting(
  record: NodeRecord,
  claim: Claim,
  { fencingToken, until }: Pick<HolderEntry, "fencingToken" | "until">,
  waitingId: string | undefined,
): NodeRecord {
  const base = claim.steal ? breakHolders(record) : record;
  const others = base.entries.filter(({ owner }) => owner !== claim.owner && owner !== waitingId);
  const before = ballotsBefore(record, claim.owner);
  const entries = [...others, holderOf(claim, { fencingToken, until })];
  return { ...raised(record, claim.mode, fencingToken), before, entries };
}

/**
 * A grant that the node does not know any more. What was stolen once is not stolen again: whoever came in
 * beside it since stays. Somebody has it, so what was there before does not come back.
 */
export function regranting(
  record: NodeRecord,
  claim: Claim,
  fencingToken: number,
  until: number,
): NodeRecord {
  const entries = [...record.entries, holderOf(claim, { fencingToken, until })];
  const { ballot, exclusiveBallot } = raised(record, claim.mode, fencingToken);
  return { ballot, exclusiveBallot, before: { ballot, exclusiveBallot }, entries };
}

function holderOf(
  { owner, mode, clientId, process }: Claim,
  grant: Pick<HolderEntry, "fencingToken" | "until">,
): HolderEntry {
  return { kind: "holder", owner, mode, clientId, ...process, ...grant };
}

/** Holders become robbed ones, all or those that are meant. Who waits keeps its place. */
export function breakHolders(
  record: NodeRecord,
  isMeant: (entry: Entry) => boolean = isHolder,
): NodeRecord {
  const entries = record.entries.map((entry): Entry => {
    const { owner, until } = entry;
    return isHolder(entry) && isMeant(entry) ? { kind: "broken", owner, until } : entry;
  });
  return { ...record, entries };
}

export function without(record: NodeRecord, owner: string): NodeRecord {
  const entries = record.entries.filter((entry) => !isHolder(entry) || entry.owner !== owner);
  return { ...record, entries };
}

export function noting(record: NodeRecord, note: NoteEntry): NodeRecord {
  const { kind, owner } = note;
  const others = record.entries.filter((entry) => entry.kind !== kind || entry.owner !== owner);
  const sameKind = others.filter((entry) => entry.kind === kind);
  const dropped = new Set(sameKind.slice(0, Math.max(0, sameKind.length - mostNotes + 1)));
  return { ...record, entries: [...others.filter((entry) => !dropped.has(entry)), note] };
}

export function wholeMs(us: number): number {
  return Math.floor(us / 1000);
}
