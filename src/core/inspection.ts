import type { BackendPromises } from "./backend-promises.ts";
import type { HolderInfo } from "./vote.ts";

/** What the nodes say about one resource. Advisory: it may have changed when you read it. */
export interface Inspection {
  readonly resource: string;
  /**
   * - `held`: a holder stands on a quorum of nodes;
   * - `free`: a quorum of nodes has nobody;
   * - `undecided`: neither, because nodes did not answer or disagree.
   */
  readonly state: "held" | "free" | "undecided";
  /** The highest fencing token that any node that answered has accepted; 0: none that it remembers. */
  readonly fencingToken: number;
  /** Those who stand on at least one node, those on most nodes first. */
  readonly holders: readonly HolderReport[];
  readonly nodes: readonly NodeReport[];
  /** What the backend promises, whatever state it is in. */
  readonly promises: BackendPromises;
}

export interface HolderReport extends HolderInfo {
  readonly fencingToken: number;
  /** Milliseconds until it no longer stands on a quorum of nodes, if nobody renews. */
  readonly remainingMs: number;
  /** The nodes that know it. */
  readonly nodes: readonly string[];
}

/** One node's answer. */
export type NodeReport =
  | NodeKnowledge
  | {
      readonly node: string;
      readonly answer: "unknown";
      readonly reason: string;
      readonly message: string;
    };

export interface NodeKnowledge {
  readonly node: string;
  readonly answer: "free" | "held";
  readonly holders: readonly NodeHolder[];
  /** The highest that it has accepted; 0: none that it remembers. */
  readonly fencingToken: number;
  /** Milliseconds until it votes; 0: it votes; Infinity: nobody has made it one of a quorum yet. */
  readonly votesInMs: number;
  /** Why it does not vote yet; empty when it does. */
  readonly why: string;
}

export interface NodeHolder extends HolderInfo {
  readonly fencingToken: number;
  readonly remainingMs: number;
}
