import type { Mode } from "./claim.ts";

/** One node's answer to one question, as settled data that prints well in a log. */
export type Vote = GrantedVote | RefusedVote | UnknownVote;

export interface GrantedVote {
  readonly node: string;
  readonly vote: "granted";
}

/** The node did not do what was asked, and says why. */
export interface RefusedVote {
  readonly node: string;
  readonly vote: "refused";
  readonly reason: RefusalReason;
  /** Which of the resources it was about. */
  readonly resource: string;
  /** The same in words. */
  readonly message: string;
  /** Who stands in the way, when somebody does. */
  readonly holder?: HolderInfo;
  /** Milliseconds until the node frees it by itself, if nobody renews. */
  readonly freeInMs?: number;
  /** The highest fencing token that the node has accepted for the resources. */
  readonly fencingToken?: number;
}

/** No answer, or an error: the command may or may not have been executed. */
export interface UnknownVote {
  readonly node: string;
  readonly vote: "unknown";
  /**
   * `timeout`, `disconnected`, `closed`; `overdue`: it has left earlier calls unanswered for longer than a
   * round takes, and was not asked; `quarantined`: the node may have forgotten votes, and does not
   * vote for some time; or the server's own word: `READONLY`, `OOM`, `NOAUTH` …
   */
  readonly reason: string;
  readonly message: string;
}

/**
 * - `held`: somebody else holds it in a mode that does not go together with the asked one;
 * - `writer-waiting`: free for shared holders, but a writer waits and comes first;
 * - `queued`: others have waited longer and come first;
 * - `missing`: the node knows nothing of this owner (never granted there, expired, or forgotten);
 * - `broken`: taken away by `steal` or `forceRelease`;
 * - `withdrawn`: this owner has been released already; a late acquire is not let in;
 * - `foreign`: under the lock's key lies something that is not a lock. It is left as it is;
 * - `stale-ballot`: the proposed fencing token is not above all that the node has accepted;
 * - `clock`: the proposed fencing token, or an extension's time, is too far from the node's clock.
 */
export type RefusalReason =
  | "held"
  | "writer-waiting"
  | "queued"
  | "missing"
  | "broken"
  | "withdrawn"
  | "foreign"
  | "stale-ballot"
  | "clock";

export interface HolderInfo {
  readonly owner: string;
  readonly mode: Mode;
  readonly clientId: string;
  readonly host: string;
  readonly pid: number;
}

/** A refusal before it is known whose it is. */
export type Refusal = Omit<RefusedVote, "node">;

const reasonsInWords: Record<RefusalReason, string> = {
  held: "held",
  "writer-waiting": "a waiting writer comes first",
  queued: "others have waited longer",
  missing: "does not know this holder (expired or forgotten)",
  broken: "was taken away by steal or forceRelease",
  withdrawn: "came after its own release",
  foreign: "holds data that is not a lock",
  "stale-ballot": "has accepted a higher fencing token",
  clock: "its clock is too far from that of the other nodes",
};

export function refusal(
  reason: RefusalReason,
  resource: string,
  details: Pick<RefusedVote, "holder" | "freeInMs" | "fencingToken"> = {},
): Refusal {
  const { holder } = details;
  const byWhom = holder === undefined ? "" : ` by ${describeHolder(holder)}`;
  return {
    vote: "refused",
    reason,
    resource,
    message: reasonsInWords[reason] + byWhom,
    ...details,
  };
}

/** A vote in words, without the node's name. */
export function describeVote(vote: Vote): string {
  return vote.vote === "granted" ? "granted" : vote.message;
}

function describeHolder({ pid, host, mode, clientId }: HolderInfo): string {
  return `pid ${pid} on ${host} (${mode}, client ${clientId})`;
}
