import type { Mode } from "../index.ts";
import type { Step } from "./schedule/step.ts";

/** A stretch of time. `until` is the end of the run for what never ended. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** All that is drawn in the lane of one client. */
export interface ClientLane {
  readonly name: string;
  readonly requests: readonly RequestSpan[];
  readonly grants: readonly GrantSpan[];
  readonly beliefs: readonly BeliefSpan[];
  readonly sections: readonly SectionSpan[];
  /** Times at which it was not simply running. */
  readonly states: readonly ClientState[];
}

/** A call of acquire: how long somebody waited, over all its attempts. */
export interface RequestSpan extends Span {
  readonly resources: readonly string[];
  readonly mode: Mode;
  readonly outcome: "granted" | "refused" | "failed" | "unsettled";
  /** The attempt that was granted. */
  readonly attempt?: string;
  /** What it rejected with. */
  readonly error?: string;
}

/** The time for which the lock is guaranteed: from the grant to validity, release or loss. */
export interface GrantSpan extends Span {
  readonly attempt: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
  /** Absent for a library that has none. */
  readonly fencingToken?: number;
  /** Instants at which it was made to last longer, and until when. */
  readonly extensions: readonly { readonly at: number; readonly validUntil: number }[];
  readonly ending: "released" | "lost" | "expired" | "run over";
}

/** For how long the library said that the lock is held, asked again and again. */
export interface BeliefSpan extends Span {
  readonly attempt: string;
}

/** The protected work: from its beginning to its end at the resource, both twins. */
export interface SectionSpan extends Span {
  readonly attempt: string;
  readonly resource: string;
  readonly fencingToken?: number;
  /** What the resource that looks at tokens did. `untokened`: there was no token to look at. */
  readonly fenced: "accepted" | "refused" | "untokened" | "unfinished";
  /** Whether the resource that does not lost what somebody else had written meanwhile. */
  readonly unfenced: "fine" | "overwrote" | "unfinished";
}

export interface ClientState extends Span {
  readonly state: "starting" | "down" | "frozen" | "stalled" | "suspended" | "clock";
  readonly about: string;
}

/** All that is drawn in the band of one node. Spans of different states may overlap. */
export interface NodeBand {
  readonly name: string;
  readonly url: string;
  readonly states: readonly NodeState[];
}

export interface NodeState extends Span {
  /**
   * `up` and `down` share the whole time between them. `frozen` is a stopped process, `quarantined` a
   * node that says that it does not vote, `clock` one whose clock is off, `full` one without memory,
   * `evicting` one that drops keys, `busy` one that runs something else.
   */
  readonly state:
    "up" | "down" | "frozen" | "quarantined" | "clock" | "full" | "evicting" | "busy" | "replaced";
  readonly about: string;
  /** How far its clock is from the machine's, for `clock`. */
  readonly clockOffsetMs?: number;
}

export interface LinkSpan extends Span {
  readonly client: string;
  readonly node: string;
  readonly state:
    "cut" | "requests held" | "replies held" | "requests lost" | "replies lost" | "slow" | "narrow";
  readonly about: string;
}

/** One thing that was done to a node, a client or a link; an event of type `fault` says the same. */
export interface FaultNote {
  readonly at: number;
  readonly kind: Step["do"];
  readonly about: string;
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  /** Whether it ends an earlier fault. */
  readonly isHealing: boolean;
}
