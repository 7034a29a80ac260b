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
  /** Those who stand on at least one node, those on most nodes first. */
  readonly holders: readonly HolderReport[];
  readonly nodes: readonly NodeReport[];
}

export interface HolderReport extends HolderInfo {
  /** Milliseconds until it no longer stands on a quorum of nodes, if nobody renews. */
  readonly remainingMs: number;
  /** The nodes that know it. */
  readonly nodes: readonly string[];
}

/** One node's answer. */
export type NodeReport =
  | { readonly node: string; readonly answer: "free" }
  | { readonly node: string; readonly answer: "held"; readonly holders: readonly NodeHolder[] }
  | {
      readonly node: string;
      readonly answer: "unknown";
      readonly reason: string;
      readonly message: string;
    };

export interface NodeHolder extends HolderInfo {
  readonly remainingMs: number;
}
