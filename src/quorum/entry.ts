/** What all clients of one quorum must agree on. */
export interface Terms {
  readonly nodeCount: number;
  readonly quorum: number;
  /** The longest ttl that any client may use, in milliseconds. */
  readonly maxTtlMs: number;
  /** How far a ballot may be from a node's clock, in milliseconds. */
  readonly maxSkewMs: number;
}

/** What a node has in its own record: that it belongs to a quorum, and since when it votes. */
export interface Entry {
  /** The server process that may vote by this entry. Another one has lost data, perhaps. */
  readonly processId: string;
  /** Its name within the quorum; stays when it is restarted with its data. */
  readonly nodeId: string;
  /**
   * - `founding`: all nodes were blank, and are about to become a quorum. It does not vote yet;
   * - `candidate`: it was blank when not all others could be asked. It votes when its time has come, or
   *   earlier, when all others turn out to be as new;
   * - `member`: it votes when its time has come.
   */
  readonly phase: "founding" | "candidate" | "member";
  /** By the node's own clock, in microseconds; 0: from the beginning. */
  readonly votesFromUs: number;
  readonly terms: Terms;
  /** The `nodeId`s of the nodes of the quorum, as far as they are known. */
  readonly members: readonly string[];
  /** Why it has to wait until it votes, as half a sentence; empty when it has not. */
  readonly why: string;
}

/** What a node says of itself. */
export interface NodeState {
  /** New with every start of the server. */
  readonly processId: string;
  /** The node's clock, in microseconds since 1970. */
  readonly clockUs: number;
  /** Undefined: it knows nothing, so it is new or has lost its data. */
  readonly entry: Entry | undefined;
}

/** For how long a node that may have lost votes has to wait until it votes again. */
export function quarantineMs({ maxTtlMs, maxSkewMs }: Terms): number {
  return maxTtlMs + 2 * maxSkewMs;
}

/** For how long a node remembers the highest ballot of a resource after the last grant is over. */
export const retentionMs: (terms: Terms) => number = quarantineMs;

/**
 * For how long, at least, a record with holders in it is kept. A server drops for good what is over by a
 * clock that is ahead for a moment; a jump of less than this does not make it forget who holds a lock.
 */
export const leastKeptMs = 120_000;

/**
 * A record that is used once more stays for so much longer than it has to: then its time need not be set
 * with every use. It never gets shorter.
 */
export const keptOnMs = 60_000;

/**
 * Until when a record is kept, by the node's clock, when somebody holds it for `ttlMs` from this instant of
 * the nodes' time, from which the node's own is not further away than it may be.
 */
export function keptUntilMs(terms: Terms, ttlMs: number, atUs: number): number {
  const keptMs = Math.max(ttlMs + retentionMs(terms), leastKeptMs) + 1;
  return Math.ceil(atUs / 1000) + terms.maxSkewMs + keptMs;
}

/**
 * How old, in microseconds, what is known of a node may be when an entry is written for it: it could have
 * lost its data once more since, and its quarantine would be too short by so much.
 */
export function mostAgeUs({ maxTtlMs, maxSkewMs }: Terms): number {
  return (Math.min(maxTtlMs, maxSkewMs) * 1000) / 2;
}

/** The entry of a node that votes from the beginning, alone: for tests of one node. */
export function foundingEntry({ processId }: NodeState, terms: Terms): Entry {
  const members = [processId];
  return { processId, nodeId: processId, phase: "member", votesFromUs: 0, terms, members, why: "" };
}

/** Whether the entry is for this server process and this client. */
export function mayVote({ entry, processId }: NodeState, terms: Terms): boolean {
  return (
    entry !== undefined &&
    entry.processId === processId &&
    entry.phase !== "founding" &&
    differingTerm(entry.terms, terms) === undefined
  );
}

export function isSameEntry(one: Entry | undefined, other: Entry | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** For how long a node still waits, for those who look at it. */
export function waitOf(
  entry: Entry | undefined,
  clockUs: number,
): { readonly votesInMs: number; readonly why: string } {
  if (entry === undefined) return { votesInMs: Infinity, why: "is in no quorum yet" };
  const votesInMs = Math.max(0, Math.ceil((entry.votesFromUs - clockUs) / 1000));
  return { votesInMs, why: votesInMs === 0 ? "" : entry.why };
}

/** Why a node does not vote, and when it does. */
export function waitingText({ why, terms }: Entry, votesInMs: number): string {
  const agoMs = Math.max(0, quarantineMs(terms) - votesInMs);
  return `${why} ${seconds(agoMs)} ago and votes again in ${seconds(votesInMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The first of the terms on which they do not agree. */
export function differingTerm(one: Terms, other: Terms): keyof Terms | undefined {
  const keys = ["nodeCount", "quorum", "maxTtlMs", "maxSkewMs"] as const;
  return keys.find((key) => one[key] !== other[key]);
}
