import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { Subscription } from "../core/lock-backend.ts";
import type { Refusal } from "../core/vote.ts";
import type { NodeState, Entry } from "./entry.ts";

/**
 * One independent master. Every method is one atomic step on the node, sent at once and never sent
 * again; what is sent first is executed first as long as the connection lasts. A rejection means
 * that the outcome is unknown, or that the node does not vote, and is a {@link NodeError}. A promise
 * may take as long as it likes to settle: deadlines belong to the caller.
 */
export interface LockNode {
  /** How messages name it. No secrets in it. */
  readonly id: string;
  /**
   * Makes contact and asks the node what it knows of itself. Resolves to `undefined` when it cannot be
   * reached, for it may come back.
   *
   * @throws {ConfigurationError} when a human has to put something right.
   */
  open(): Promise<NodeState | undefined>;
  /** Calls back when the node may have become another one: it has to be opened again. */
  whenChanged(listener: () => void): void;
  /**
   * Writes the node's entry into the quorum, unless the node has another one by now than `known` says.
   *
   * @returns what it knows of itself afterwards.
   */
  enter(entry: Entry, known: NodeState): Promise<NodeState>;
  /** Grants all resources or none. One's own owner value is a grant, not a conflict. */
  acquire(claim: Claim, ttlMs: number, ballot: number): Answering<NodeAnswer>;
  /**
   * Makes all resources last until `ttlMs` from now, never shorter. A resource that the node does not
   * know is granted again, as long as nobody newer has been there.
   *
   * @param sentAtUs when it was sent, by the nodes' clocks: what is too old is refused.
   */
  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): Answering<NodeAnswer>;
  /**
   * Deletes what this owner holds.
   *
   * @param tombstoneMs when positive: for how long an acquire or an extension of this owner, should it
   *   still be on its way, is refused.
   * @param next who takes its place in the queue in the same step.
   */
  release(claim: Claim, tombstoneMs: number, next?: Claim): Answering<NodeAnswer>;
  /** Takes the resource from these owners. Refused with `missing` when none of them holds it. */
  forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer>;
  inspect(resource: string): Promise<NodeReport>;
  /**
   * Hears who of this process is told by the node that its turn has come, from when `isLive` is true until
   * `stop`. One who waits has a place in the node's queue only when it can be told. For one at a time.
   *
   * @param channel a name that no other process has: letters, digits, `_` and `-`.
   */
  listen?(channel: string, listener: NodeListener): Subscription;
  close(): Promise<void>;
}

/** What comes later: a promise, or what tells one listener the same at less expense. */
export interface Answering<T> {
  then(onAnswer: (answer: T) => void, onFailure: (error: unknown) => void): unknown;
  /** Instead of `then`, for one listener. */
  tell?(listener: AnswerListener<T>, index: number): void;
}

/** Whoever asks several at once, and knows them apart by an index. */
export interface AnswerListener<T> {
  onAnswer(index: number, answer: T): void;
  onFailure(index: number, error: unknown): void;
}

export interface NodeListener {
  /** Told once or more often, or not at all when the word gets lost. */
  readonly onTold: (waitingId: string) => void;
  /** `isLive` is another one now. */
  readonly onChange: () => void;
}

export interface ExtensionTerms {
  readonly fencingToken: number;
  readonly sentAtUs: number;
}

/** A vote before it is known whose it is. */
export type NodeAnswer = NodeGrant | NodeRefusal;

export interface NodeGrant {
  readonly vote: "granted";
  /** The node's clock when it voted, in microseconds. */
  readonly clockUs?: number | undefined;
  /** Whether others stand in the queue behind it. */
  readonly isAwaited?: boolean;
}

export interface NodeRefusal extends Refusal {
  readonly clockUs?: number | undefined;
}

/** Why the outcome is not known, or why the node could not even be asked. */
export class NodeError extends Error {
  /**
   * `timeout`, `disconnected`, `closed`, `quarantined`, `clock`, or the server's own word: `READONLY`,
   * `OOM` …
   */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  static {
    this.prototype.name = "NodeError";
  }
}

/** Nothing was sent to the node: nothing of it can be there. */
export class NotAsked extends NodeError {}
