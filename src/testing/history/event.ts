import type { Mode } from "../../core/claim.ts";

/**
 * Something that an observer saw: at a client, at a node, or at what the lock protects. An `attempt` is
 * the owner value of one try, and no two tries share one.
 */
export type HistoryEvent =
  | Invoke
  | Granted
  | Failed
  | Extending
  | Extended
  | Releasing
  | Lost
  | Belief
  | NodeVote
  | Drop
  | Leftover
  | Write
  | Fault
  | NodeRefusal;

/** The event of this type. */
export type EventOf<Type extends HistoryEvent["type"]> = Extract<
  HistoryEvent,
  { readonly type: Type }
>;

interface Happening<Type extends string> {
  readonly type: Type;
  /** Milliseconds on the observer's clock, as all instants of a history. */
  readonly at: number;
}

interface AttemptEvent<Type extends string> extends Happening<Type> {
  readonly attempt: string;
}

interface NodeEvent<Type extends string> extends AttemptEvent<Type> {
  readonly node: string;
}

/** A try begins: nothing has been sent for it. */
interface Invoke extends AttemptEvent<"invoke"> {
  readonly client: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
}

/** The library handed out the lock. */
interface Granted extends AttemptEvent<"granted"> {
  readonly fencingToken: number;
  readonly validUntil: number;
  readonly votes: number;
  readonly quorum: number;
  /** When the round that won it began. */
  readonly startedAt: number;
  /**
   * Set for one that was handed on inside of a client: the attempt that won it, by which nodes know it, and
   * since when this one waits. The round began later than that.
   */
  readonly handedOn?: { readonly wonBy: string; readonly askedAt: number };
  /** The highest token that was won with it, if that is another one: nodes vote for that one. */
  readonly lastToken?: number;
}

/** The lock was not handed out, and will not be. */
type Failed = AttemptEvent<"failed">;

/** An extension begins. */
type Extending = AttemptEvent<"extending">;

/** The library counts an extension as successful. */
interface Extended extends AttemptEvent<"extended"> {
  readonly validUntil: number;
}

/** A release was asked for. */
type Releasing = AttemptEvent<"releasing">;

/** The library said that it is lost. */
type Lost = AttemptEvent<"lost">;

/** What `lock.held` said when it was asked. */
interface Belief extends AttemptEvent<"belief"> {
  readonly held: boolean;
}

/** A node granted a slot, or granted it anew in an extension. */
interface NodeVote extends NodeEvent<"vote"> {
  readonly resource: string;
  readonly mode: Mode;
  readonly fencingToken: number;
  /** Whether the node should not have voted yet, whatever it believed. */
  readonly isQuarantined: boolean;
}

/** A slot ended on a node before its time. */
interface Drop extends NodeEvent<"drop"> {
  readonly resource: string;
  /** Because of whom: an attempt, for `release` and `steal`. */
  readonly by: string;
  readonly kind: "release" | "steal" | "force" | "forget";
}

/** A slot that a node still has when everybody is done and all had the time to expire. */
interface Leftover extends NodeEvent<"leftover"> {
  readonly resource: string;
  readonly until: number;
}

/** Somebody used the protected resource, which looks at tokens. */
interface Write extends AttemptEvent<"write"> {
  readonly resource: string;
  readonly fencingToken: number;
  readonly accepted: boolean;
}

/** Something was broken on purpose. */
interface Fault extends Happening<"fault"> {
  readonly kind: string;
  readonly node?: string;
  readonly client?: string;
}

/** A node refused to vote. */
interface NodeRefusal extends NodeEvent<"refusal"> {
  readonly reason: string;
}
