import { NodeError, type LockNode, type NodeAnswer } from "./lock-node.ts";
import type { UnknownVote, Vote } from "../core/vote.ts";

export function voteOf(node: string, answer: NodeAnswer): Vote {
  if (answer.vote === "granted") return { node, vote: "granted" };
  const { clockUs: _, ...refusal } = answer;
  return { node, ...refusal };
}

export function unknownVote(node: string, error: unknown): UnknownVote {
  if (error instanceof NodeError) {
    return { node, vote: "unknown", reason: error.reason, message: error.message };
  }
  return { node, vote: "unknown", reason: "error", message: String(error) };
}

/** The vote of a node that has not answered. */
export type Silence = (node: string) => UnknownVote;

const notYet: Silence = (node) => ({
  node,
  vote: "unknown",
  reason: "pending",
  message: "had not answered when it was decided",
});

export const timedOut =
  (timeoutMs: number): Silence =>
  (node) => ({
    node,
    vote: "unknown",
    reason: "timeout",
    message: `no answer within ${Math.round(timeoutMs)} ms`,
  });

/** What most votes are. */
export interface UsualVotes {
  readonly granted: readonly Vote[];
  /** Of those who have not answered yet. */
  readonly pending: readonly Vote[];
}

const usualVotesOf = new WeakMap<readonly LockNode[], UsualVotes>();

/** The same objects for all rounds of the same nodes. */
export function usualVotes(nodes: readonly LockNode[]): UsualVotes {
  let usual = usualVotesOf.get(nodes);
  if (usual === undefined) {
    const granted = nodes.map(({ id }): Vote => Object.freeze({ node: id, vote: "granted" }));
    const pending = nodes.map(({ id }): Vote => Object.freeze(notYet(id)));
    usual = { granted, pending };
    usualVotesOf.set(nodes, usual);
  }
  return usual;
}
