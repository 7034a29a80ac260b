import { describeVote, type RefusedVote, type Vote } from "./vote.ts";

/** The closed set of what can go wrong with a lock; compare with `error.code`. */
export type LockErrorCode =
  /** Somebody else had it until the wait was over. */
  | "LOCK_HELD"
  /** Too few nodes answered, or too late. */
  | "NO_QUORUM"
  /** It ended before it was released. */
  | "LOCK_LOST"
  /** The nodes are not what a quorum needs, or a key holds something else. A human has to act. */
  | "MISCONFIGURED";

/** What every error of this library has, apart from programming mistakes and cancellations. */
export abstract class LockError extends Error {
  abstract readonly code: LockErrorCode;
  readonly resources: readonly string[];
  /** What each node answered, as far as it was asked. */
  readonly votes: readonly Vote[];

  constructor(message: string, resources: readonly string[], votes: readonly Vote[]) {
    super(message);
    this.resources = resources;
    this.votes = votes;
  }

  static {
    // On the prototype, so that it does not show up among the own properties in a log.
    this.prototype.name = "LockError";
  }
}

/** Somebody else had it until the wait was over. Trying again later is right. */
export class LockHeldError extends LockError {
  override readonly code = "LOCK_HELD";
  /** How long was waited, in milliseconds. */
  readonly waitedMs: number;

  constructor(resources: readonly string[], votes: readonly Vote[], waitedMs: number) {
    const whole = Math.round(waitedMs);
    super(
      `could not acquire ${quoted(resources)}: ${whoHolds(votes)}. Waited ${whole} ms.`,
      resources,
      votes,
    );
    this.waitedMs = waitedMs;
  }

  static {
    this.prototype.name = "LockHeldError";
  }
}

/** Too few nodes answered, or too late. What was granted on the way has been given back. */
export class QuorumError extends LockError {
  override readonly code = "NO_QUORUM";

  /**
   * @param what what was tried, as a sentence begins: `could not acquire`.
   * @param why `unreachable`: too few nodes answered; `late`: they did, but after too long.
   */
  constructor(
    what: string,
    resources: readonly string[],
    votes: readonly Vote[],
    why: "unreachable" | "late",
  ) {
    const explanation = why === "late" ? tooLate : silence(votes);
    super(`${what} ${quoted(resources)}: ${explanation}`, resources, votes);
  }

  static {
    this.prototype.name = "QuorumError";
  }
}

/** Why a lock ended early. */
export type LossReason =
  /** Its time was over before a renewal succeeded. */
  | "expired"
  /** So many nodes no longer knew it that somebody else may have it. */
  | "forgotten"
  /** `steal` or `forceRelease` took it away. */
  | "broken"
  /** The manager was closed. */
  | "closed"
  /** `extend` was called after `release`. */
  | "released";

const lossInWords: Record<LossReason, string> = {
  expired: "its time was over before it was renewed",
  forgotten: "too many nodes no longer know it",
  broken: "it was taken away by steal or forceRelease",
  closed: "its manager was closed",
  released: "it has been released",
};

/** It ended before it was released. Somebody else may hold it: stop what depends on it. */
export class LockLostError extends LockError {
  override readonly code = "LOCK_LOST";
  readonly reason: LossReason;

  constructor(resources: readonly string[], votes: readonly Vote[], reason: LossReason) {
    const details = inWords(votes);
    super(
      `the lock on ${quoted(resources)} is no longer held: ${lossInWords[reason]}` +
        (details === "" ? "" : ` (${details})`),
      resources,
      votes,
    );
    this.reason = reason;
  }

  static {
    this.prototype.name = "LockLostError";
  }
}

/** The nodes, or what lies under a lock's key, are not fit for a lock. Trying again does not help. */
export class ConfigurationError extends LockError {
  override readonly code = "MISCONFIGURED";

  constructor(message: string, resources: readonly string[] = [], votes: readonly Vote[] = []) {
    super(message, resources, votes);
  }

  static {
    this.prototype.name = "ConfigurationError";
  }
}

const tooLate =
  "it was granted, but by then too little of the ttl was left. Use a longer ttlMs, or look for what " +
  "blocked this process.";

/** What is wrong with those who should have answered: many nodes, or the only one there is. */
function silence(votes: readonly Vote[]): string {
  const silent = votes.filter(isFault);
  if (votes.length === 1) return `there is no answer. What is wrong: ${inWords(silent)}`;
  const count = `${silent.length} of ${votes.length} nodes do not vote, so there is no quorum`;
  return `${count}. What is wrong with them: ${inWords(silent)}`;
}

/** It did not vote, or not in a way that counts. */
function isFault(vote: Vote): boolean {
  if (vote.vote === "refused") return vote.reason === "clock";
  return vote.vote === "unknown" && vote.reason !== "pending";
}

function quoted(resources: readonly string[]): string {
  return resources.map((resource) => JSON.stringify(resource)).join(", ");
}

function whoHolds(votes: readonly Vote[]): string {
  const refusals = votes.filter((vote): vote is RefusedVote => vote.vote === "refused");
  const told = refusals.find((vote) => vote.holder !== undefined) ?? refusals[0];
  if (told === undefined) return "another lock or request of this manager comes first";
  return `${told.message}, say ${refusals.length} of ${votes.length} nodes`;
}

/** What went wrong, node by node. */
function inWords(votes: readonly Vote[]): string {
  return votes
    .filter((vote) => vote.vote !== "granted")
    .map((vote) => `${vote.node}: ${describeVote(vote)}`)
    .join("; ");
}
