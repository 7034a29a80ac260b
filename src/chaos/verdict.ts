import type { CheckId, HistoryEvent } from "../testing.ts";
import type { Span } from "./lane.ts";

export interface Verdict {
  /** `inconclusive`: nothing is wrong, but too little happened to say that all is right. */
  readonly outcome: "as expected" | "not as expected" | "inconclusive";
  /** The whole verdict in one sentence. */
  readonly sentence: string;
  readonly properties: readonly PropertyVerdict[];
  /** Of each check the first ones, worst first; `violationCounts` has how many there are. */
  readonly findings: readonly Finding[];
  readonly violationCounts: Readonly<Record<string, number>>;
}

/** A promise, what was expected of it here, and what became of it. */
export interface PropertyVerdict {
  readonly property: Property;
  /** In words, such as "one holder at a time". */
  readonly about: string;
  readonly checks: readonly ChaosCheck[];
  /** `either`: it is only counted. `none`: the system does not promise it, or it cannot be seen here. */
  readonly expected: "holds" | "breaks" | "either" | "none";
  readonly violationCount: number;
  readonly outcome: "held" | "broke" | "not judged";
  readonly isAsExpected: boolean;
}

/**
 * - `exclusion`: no two guaranteed times of one resource overlap (C1, C10);
 * - `birth`: a lock is handed out while it is valid, by a quorum of nodes that may vote (C3);
 * - `belief`: nobody is told that it holds what is over (C2);
 * - `tokens`: unique, growing, in the order of the nodes' slots (C4, C5, C6);
 * - `fence`: the resource that looks at tokens took no stale write and lost none (C8, C9);
 * - `hygiene`: nothing is left on the nodes beyond its time (C7);
 * - `errors`: every call settles, nothing is thrown that nobody catches, processes end (C11);
 * - `liveness`: locks can be had when they should be, and again after the faults;
 * - `sections`: no two sections overlap as they were executed (no lock can promise this: pauses);
 * - `unfenced`: the resource that looks at nothing lost no write (nor this).
 */
export type Property =
  | "exclusion"
  | "birth"
  | "belief"
  | "tokens"
  | "fence"
  | "hygiene"
  | "errors"
  | "liveness"
  | "sections"
  | "unfenced";

/** The checks of `quorumlock/testing`, and those that only a run of real processes has. */
export type ChaosCheck = CheckId | "C9" | "C11" | "liveness" | "sections" | "unfenced";

/** Something that went wrong, with the smallest excerpt that shows it. */
export interface Finding {
  readonly check: ChaosCheck;
  readonly property: Property;
  /** Who did what and when, in one sentence. */
  readonly message: string;
  /** When it showed. */
  readonly at: number;
  /** The stretch of time to look at. */
  readonly span: Span;
  readonly attempts: readonly string[];
  readonly clients: readonly string[];
  readonly resource?: string;
  /** The excerpt in words, one sentence an event, each with its instant. */
  readonly excerpt: readonly { readonly at: number; readonly text: string }[];
  readonly events: readonly HistoryEvent[];
}

export interface Liveness {
  readonly requestCount: number;
  readonly grantedCount: number;
  readonly refusedCount: number;
  readonly failedCount: number;
  /** Also those of clients that were killed meanwhile; what else never settles is a finding. */
  readonly unsettledCount: number;
  /** Of the requests that were settled, the share that was granted; 0 to 1. */
  readonly availability: number;
  /** From the call of acquire to the lock. */
  readonly acquireMs: Spread;
  /** From a call of acquire that failed to its error. */
  readonly failureMs: Spread;
  /** Jain's index of the grants of the clients: 1 when all got as many, 1 / clients when one got all. */
  readonly fairness: number;
  /** From the end of the faults to the next grant of each resource: the longest. */
  readonly recoveryMs?: number;
  /** From the death of a holder to the next grant of what it held: the longest. */
  readonly afterCrashMs?: number;
  /** Keys that were still there when everybody was done and all had the time to expire. */
  readonly leftoverCount: number;
  /** Writes that the resource without a fence lost, and those that the fence refused. */
  readonly lostWriteCount: number;
  readonly refusedWriteCount: number;
  /** What clients had in use at most, in megabytes after a collection, when they began and at their end. */
  readonly heapMb?: { readonly begin: number; readonly end: number };
  /** How many connections a client had open at its end, at most. */
  readonly openSockets?: number;
  /** Commands that the nodes executed, by grant. */
  readonly commandsPerGrant?: number;
}

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
