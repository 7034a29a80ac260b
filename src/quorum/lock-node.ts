import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { GrantedVote, Refusal } from "../core/vote.ts";

/**
 * One independent master. Every method is one atomic step on the node, sent at once and never sent
 * again; what is sent first is executed first as long as the connection lasts. A rejection means
 * that the outcome is unknown, and is a {@link NodeError}. A promise may take as long as it likes
 * to settle: deadlines belong to the caller.
 */
export interface LockNode {
  /** How messages name it. No secrets in it. */
  readonly id: string;
  /**
   * Makes contact and looks whether the node is fit to vote. Resolves as well when it cannot be
   * reached, for it may come back.
   *
   * @throws {ConfigurationError} when a human has to put something right.
   */
  open(): Promise<void>;
  /** Grants all resources or none. One's own owner value is a grant, not a conflict. */
  acquire(claim: Claim, ttlMs: number): Promise<NodeAnswer>;
  /** Makes all resources last until `ttlMs` from now, never shorter; refused unless all are held. */
  extend(claim: Claim, ttlMs: number): Promise<NodeAnswer>;
  /**
   * Deletes what this owner holds.
   *
   * @param tombstoneMs when positive, and the node knows nothing of the owner: for how long an
   *   acquire of this owner, should it still be on its way, is refused.
   */
  release(claim: Claim, tombstoneMs: number): Promise<NodeAnswer>;
  /** Takes the resource from these owners. Refused with `missing` when none of them holds it. */
  forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer>;
  inspect(resource: string): Promise<NodeReport>;
  close(): Promise<void>;
}

/** A vote before it is known whose it is. */
export type NodeAnswer = Omit<GrantedVote, "node"> | Refusal;

/** Why the outcome is not known, or why the node could not even be asked. */
export class NodeError extends Error {
  /** `timeout`, `disconnected`, `closed`, or the server's own word: `READONLY`, `OOM` … */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }

  static {
    this.prototype.name = "NodeError";
  }
}
