/**
 * What lies in the file for the page to draw: the record of a run without what no eye can see. Instants are
 * whole microseconds since the run began, small enough to be written as they are; those inside an operation
 * count from its beginning. Codes are places in the lists below.
 */
export interface Drawing {
  readonly duration: number;
  readonly resources: readonly string[];
  /** What was asked for together: places in `resources`. */
  readonly wishes: readonly (readonly number[])[];
  readonly clients: readonly DrawnClient[];
  readonly nodes: readonly DrawnNode[];
  readonly faults: readonly DrawnFault[];
  readonly overlaps: readonly DrawnOverlap[];
  readonly findings: readonly DrawnFinding[];
  /** Errors and reasons for refusals, each once. */
  readonly words: readonly string[];
}

export interface DrawnClient {
  readonly name: string;
  /** In the order of their beginnings. */
  readonly operations: readonly DrawnOperation[];
  readonly states: readonly DrawnState[];
}

/** One call of acquire, and all that came of it. */
export type DrawnOperation = readonly [
  from: number,
  /** For how long it was asked for. */
  waited: number,
  outcome: number,
  isShared: 0 | 1,
  wish: number,
  /** The error's place in `words`; -1: none. */
  error: number,
  /** Its name in the record; empty where names were left out. */
  attempt: string,
  grant: DrawnGrant | 0,
  beliefs: readonly (readonly [from: number, length: number])[],
  sections: readonly DrawnSection[],
  marks: readonly DrawnMark[],
];

export type DrawnGrant = readonly [
  from: number,
  length: number,
  ending: number,
  /** -1: the library has none. */
  fencingToken: number,
  votes: number,
  quorum: number,
  extensions: readonly (readonly [at: number, validUntil: number])[],
];

export type DrawnSection = readonly [
  from: number,
  length: number,
  /** Its place in `resources`. */
  resource: number,
  fenced: number,
  unfenced: number,
];

/** What a node did for an operation. */
export type DrawnMark = readonly [
  at: number,
  node: number,
  kind: number,
  /** The reason's place in `words`; -1: none. */
  word: number,
];

export interface DrawnNode {
  readonly name: string;
  readonly url: string;
  readonly states: readonly DrawnState[];
  /** Its links, put together: who was cut off, and how. */
  readonly links: readonly DrawnState[];
}

export interface DrawnState {
  readonly from: number;
  readonly until: number;
  readonly state: string;
  /** What stands on it. */
  readonly label: string;
  readonly about: string;
}

export interface DrawnFault {
  readonly at: number;
  readonly about: string;
  readonly isHealing: boolean;
}

/** Two that had one resource at the same time. */
export interface DrawnOverlap {
  readonly from: number;
  readonly until: number;
  /** Two locks were guaranteed; or two only worked at once. */
  readonly kind: "locks" | "sections";
  readonly resource: number;
  readonly first: OperationPlace;
  readonly second: OperationPlace;
}

export type OperationPlace = readonly [client: number, operation: number];

export interface DrawnFinding {
  readonly from: number;
  readonly until: number;
  readonly at: number;
  readonly message: string;
  readonly operations: readonly OperationPlace[];
}

export const outcomes = ["granted", "refused", "failed", "unsettled"] as const;
export const endings = ["released", "lost", "expired", "run over"] as const;
export const fencedResults = ["accepted", "refused", "untokened", "unfinished"] as const;
export const unfencedResults = ["fine", "overwrote", "unfinished"] as const;
export const markKinds = [
  "vote",
  "quarantined vote",
  "refusal",
  "steal",
  "force",
  "forget",
  "leftover",
] as const;

export type Outcome = (typeof outcomes)[number];
export type Ending = (typeof endings)[number];
export type FencedResult = (typeof fencedResults)[number];
export type UnfencedResult = (typeof unfencedResults)[number];
export type MarkKind = (typeof markKinds)[number];
