import type { Claim, Mode } from "../core/claim.ts";
import type { HolderInfo } from "../core/vote.ts";

/**
 * What a node knows of one resource: who holds it, which owners may not come in any more, which
 * writers wait, and the highest ballots that it accepted. The scripts in `redis/script/` decide the
 * same on the same entries; the contract suite and a comparison of both run over them.
 */
export interface NodeRecord extends Ballots {
  readonly entries: readonly Entry[];
}

export interface Ballots {
  /** The highest that was accepted; 0: none. */
  readonly ballot: number;
  /** The highest that was accepted for exclusive use. */
  readonly exclusiveBallot: number;
}

export const emptyRecord: NodeRecord = { ballot: 0, exclusiveBallot: 0, entries: [] };

export type Entry = HolderEntry | NoteEntry;

export interface HolderEntry extends HolderInfo {
  readonly kind: "holder";
  readonly fencingToken: number;
  /** The node's ballots without it. */
  readonly before: Ballots;
  /** Node time in milliseconds; the entry counts up to and including this instant. */
  readonly until: number;
}

/**
 * - `withdrawn`: this owner was released before its acquire came;
 * - `broken`: this owner was robbed;
 * - `writer`: a waiting request for exclusive use that was refused because of shared holders.
 */
export interface NoteEntry {
  readonly kind: "withdrawn" | "broken" | "writer";
  readonly owner: string;
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

export function isBlocking(entry: Entry, claim: Claim): boolean {
  if (isHolder(entry)) {
    const isOther = entry.owner !== claim.owner;
    return isOther && (claim.mode === "exclusive" || entry.mode === "exclusive");
  }
  return entry.kind === "writer" && claim.mode === "shared";
}

/** Whether a note says that this owner may not come in any more. */
export function isOver(entry: Entry, owner: string): boolean {
  return (entry.kind === "withdrawn" || entry.kind === "broken") && entry.owner === owner;
}

/** Holders come before writers: they are what the others wait for. */
export function latest(entries: readonly Entry[]): Entry | undefined {
  const holders = entries.filter(isHolder);
  return (holders.length > 0 ? holders : entries).toSorted((a, b) => b.until - a.until)[0];
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

/** The ballots that a record has without what this owner was granted last. */
export function ballotsBefore(
  { ballot, exclusiveBallot, entries }: NodeRecord,
  owner: string,
): Ballots {
  const own = entries.find((entry) => isHolder(entry) && entry.owner === owner);
  if (own === undefined || !isHolder(own)) return { ballot, exclusiveBallot };
  const { fencingToken, before } = own;
  return {
    ballot: ballot === fencingToken ? before.ballot : ballot,
    exclusiveBallot: exclusiveBallot === fencingToken ? before.exclusiveBallot : exclusiveBallot,
  };
}

/** A new grant. Whoever steals robs those who hold it. */
export function granting(
  record: NodeRecord,
  claim: Claim,
  fencingToken: number,
  until: number,
): NodeRecord {
  const base = claim.steal ? breakHolders(record) : record;
  const others = base.entries.filter(
    ({ owner }) => owner !== claim.owner && owner !== claim.waiting?.id,
  );
  const before = ballotsBefore(record, claim.owner);
  const entries = [...others, holderOf(claim, { fencingToken, until, before })];
  return { ...raised(record, claim.mode, fencingToken), entries };
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
  const before: Ballots = { ballot: 0, exclusiveBallot: 0 };
  const entries = [...record.entries, holderOf(claim, { fencingToken, until, before })];
  return { ...raised(record, claim.mode, fencingToken), entries };
}

function holderOf(
  { owner, mode, clientId, process }: Claim,
  grant: Pick<HolderEntry, "fencingToken" | "until" | "before">,
): HolderEntry {
  return { kind: "holder", owner, mode, clientId, ...process, ...grant };
}

/** Holders become robbed ones, all or those that are meant, and waiting writers start anew. */
export function breakHolders(
  record: NodeRecord,
  isMeant: (entry: Entry) => boolean = isHolder,
): NodeRecord {
  const entries = record.entries.flatMap((entry): Entry[] => {
    if (entry.kind === "writer") return [];
    const { owner, until } = entry;
    return [isHolder(entry) && isMeant(entry) ? { kind: "broken", owner, until } : entry];
  });
  return { ...record, entries };
}

export function without(record: NodeRecord, owner: string): NodeRecord {
  const entries = record.entries.filter((entry) => !isHolder(entry) || entry.owner !== owner);
  return { ...record, entries };
}

export function withoutWriter(record: NodeRecord, id: string): NodeRecord {
  if (!record.entries.some(({ kind, owner }) => kind === "writer" && owner === id)) return record;
  const entries = record.entries.filter((entry) => entry.kind !== "writer" || entry.owner !== id);
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
