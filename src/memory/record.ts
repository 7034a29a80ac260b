import type { Claim } from "../core/claim.ts";
import { refusal, type HolderInfo, type Refusal } from "../core/vote.ts";
import type { NodeAnswer } from "../quorum/lock-node.ts";

/**
 * What a node knows of one resource: who holds it, which owners may not come in any more, which
 * writers wait. The scripts in `redis/script/` decide the same on the same entries; the contract
 * suite runs over both.
 */
export type NodeRecord = readonly Entry[];

export type Entry = HolderEntry | NoteEntry;

export interface HolderEntry extends HolderInfo {
  readonly kind: "holder";
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

export interface Step {
  readonly answer: NodeAnswer;
  /** What the node knows afterwards, resource by resource. */
  readonly records: readonly NodeRecord[];
}

export const granted: NodeAnswer = { vote: "granted" };

/** The entries whose time is not over. */
export function alive(record: NodeRecord, now: number): NodeRecord {
  return record.filter((entry) => entry.until >= now);
}

/** @param records one for each of the claim's resources, alive entries only. */
export function acquire(
  records: readonly NodeRecord[],
  claim: Claim,
  ttlMs: number,
  now: number,
): Step {
  const refusals = records.map((record, index) => refusalBy(record, claim, index, now));
  const answer = refusals.find((each) => each !== undefined);
  if (answer !== undefined) {
    return { answer, records: records.map((record) => withWaitingWriter(record, claim, now)) };
  }
  return { answer: granted, records: records.map((record) => granting(record, claim, ttlMs, now)) };
}

/** All resources or none; never shorter than it was. */
export function extend(
  records: readonly NodeRecord[],
  claim: Claim,
  ttlMs: number,
  now: number,
): Step {
  const unknown = records.findIndex((record) => !isHeldBy(record, claim.owner));
  if (unknown !== -1) return { answer: noLonger(records[unknown] ?? [], claim, unknown), records };
  const until = now + ttlMs;
  return {
    answer: granted,
    records: records.map((record) =>
      record.map((entry) =>
        entry.kind === "holder" && entry.owner === claim.owner && entry.until < until
          ? { ...entry, until }
          : entry,
      ),
    ),
  };
}

/** Granted when all resources were held by the owner. */
export function release(
  records: readonly NodeRecord[],
  claim: Claim,
  tombstoneMs: number,
  now: number,
): Step {
  const { owner, waiting } = claim;
  const gone = waiting?.forMs === 0 ? waiting.id : undefined;
  const unknown = records.findIndex((record) => !isHeldBy(record, owner));
  const after = records.map((known) => {
    const record = known.filter((entry) => entry.kind !== "writer" || entry.owner !== gone);
    if (!isHeldBy(record, owner)) {
      return tombstoneMs > 0 ? noting(record, "withdrawn", owner, now + tombstoneMs) : record;
    }
    return record.filter((entry) => entry.kind !== "holder" || entry.owner !== owner);
  });
  const answer = unknown === -1 ? granted : noLonger(records[unknown] ?? [], claim, unknown);
  return { answer, records: after };
}

/** Holders become robbed ones, all or those that are meant, and waiting writers start anew. */
export function breakHolders(
  record: NodeRecord,
  isMeant: (entry: Entry) => boolean = isHolder,
): NodeRecord {
  return record.flatMap((entry): Entry[] => {
    if (entry.kind === "writer") return [];
    const { owner, until } = entry;
    return [isHolder(entry) && isMeant(entry) ? { kind: "broken", owner, until } : entry];
  });
}

export function isHolder(entry: Entry): entry is HolderEntry {
  return entry.kind === "holder";
}

function refusalBy(
  record: NodeRecord,
  claim: Claim,
  index: number,
  now: number,
): Refusal | undefined {
  const resource = claim.resources[index] ?? "";
  if (record.some((entry) => !isHolder(entry) && isOver(entry, claim.owner))) {
    return refusal("withdrawn", resource);
  }
  if (claim.steal) return undefined;
  const blocking = latest(record.filter((entry) => isBlocking(entry, claim)));
  if (blocking === undefined) return undefined;
  const freeInMs = blocking.until - now;
  return isHolder(blocking)
    ? refusal("held", resource, { holder: infoOf(blocking), freeInMs })
    : refusal("writer-waiting", resource, { freeInMs });
}

function isBlocking(entry: Entry, claim: Claim): boolean {
  if (isHolder(entry)) {
    const isOther = entry.owner !== claim.owner;
    return isOther && (claim.mode === "exclusive" || entry.mode === "exclusive");
  }
  return entry.kind === "writer" && claim.mode === "shared";
}

function isOver(note: NoteEntry, owner: string): boolean {
  return note.kind !== "writer" && note.owner === owner;
}

/** Holders come before writers: they are what the others wait for. */
function latest(entries: readonly Entry[]): Entry | undefined {
  const holders = entries.filter(isHolder);
  return (holders.length > 0 ? holders : entries).toSorted((a, b) => b.until - a.until)[0];
}

function withWaitingWriter(record: NodeRecord, claim: Claim, now: number): NodeRecord {
  const blocking = record.filter((entry) => isHolder(entry) && isBlocking(entry, claim));
  const isBehindReaders =
    blocking.length > 0 && blocking.every((entry) => isHolder(entry) && entry.mode === "shared");
  const isDone = record.some((entry) => !isHolder(entry) && isOver(entry, claim.owner));
  if (claim.waiting === undefined || !isBehindReaders || isDone) return record;
  return noting(record, "writer", claim.waiting.id, now + claim.waiting.forMs);
}

function granting(record: NodeRecord, claim: Claim, ttlMs: number, now: number): NodeRecord {
  const { owner, mode, clientId, process } = claim;
  const others = (claim.steal ? breakHolders(record) : record).filter(
    (entry) => entry.owner !== owner && entry.owner !== claim.waiting?.id,
  );
  return [...others, { kind: "holder", owner, mode, clientId, ...process, until: now + ttlMs }];
}

function noting(
  record: NodeRecord,
  kind: NoteEntry["kind"],
  owner: string,
  until: number,
): NodeRecord {
  const others = record.filter((entry) => entry.kind !== kind || entry.owner !== owner);
  const sameKind = others.filter((entry) => entry.kind === kind);
  const dropped = new Set(sameKind.slice(0, Math.max(0, sameKind.length - mostNotes + 1)));
  return [...others.filter((entry) => !dropped.has(entry)), { kind, owner, until }];
}

function noLonger(record: NodeRecord, claim: Claim, index: number): Refusal {
  const wasRobbed = record.some((e) => e.kind === "broken" && e.owner === claim.owner);
  return refusal(wasRobbed ? "broken" : "missing", claim.resources[index] ?? "");
}

function isHeldBy(record: NodeRecord, owner: string): boolean {
  return record.some((entry) => isHolder(entry) && entry.owner === owner);
}

export function infoOf({ owner, mode, clientId, host, pid }: HolderEntry): HolderInfo {
  return { owner, mode, clientId, host, pid };
}
