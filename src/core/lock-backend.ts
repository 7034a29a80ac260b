import type { BackendPromises } from "./backend-promises.ts";
import type { Claim } from "./claim.ts";
import type { Inspection } from "./inspection.ts";
import type { Vote } from "./vote.ts";
import type { World } from "./world.ts";

/**
 * One authority that can grant a resource for a time. Asked once per call: it never retries, and
 * a refusal is data, not an exception. Its promises reject with a `ConfigurationError` when a
 * human has to put something right, and with a `TypeError` after `close`.
 */
export interface LockBackend {
  /** The world that it lives in; a manager takes its clock and its dice from here. */
  readonly world: World;
  /** The ttls that it takes, in milliseconds. */
  readonly ttlRange: TtlRange;
  readonly promises: BackendPromises;
  acquire(claim: Claim, ttlMs: number): Promise<Attempt>;
  /** The authority's time for the claim lasts at least `ttlMs` from now; it never gets shorter. */
  extend(grant: Grant, ttlMs: number): Promise<Extension>;
  /**
   * Idempotent. Also cleans up a try that failed, whose answer is unknown or still under way.
   *
   * @param ttlMs the longest that the claim can live on without being released.
   * @param next who takes its place in the queue by the same call, where it {@link isAwaited}.
   */
  release(claim: Claim, ttlMs: number, next?: Claim): Promise<ReleaseOutcome>;
  /** Whether others wait behind a claim that was granted: whoever comes next has to join the queue. */
  isAwaited?(claim: Claim): boolean;
  /** Takes the resource from all who hold it. Resolves to whether somebody did. */
  forceRelease(resource: string): Promise<ForcedRelease>;
  /**
   * Calls `wake` when one of the resources may have become free. Once too often does no harm, and what
   * is missed is made up for by asking again. It does not throw, and keeps no process alive.
   *
   * @param waitingId what the claims of the one who waits carry as `waiting.id`, if they do: a backend that
   *   keeps who waits may wake the one whose turn it is, instead of all.
   */
  watch?(resources: readonly string[], wake: () => void, waitingId?: string): Subscription;
  /** Whether a watch that begins now is live at once, so that it may begin before the first try. */
  readonly isHearing?: boolean;
  inspect(resource: string): Promise<Inspection>;
  close(): Promise<void>;
}

export interface Subscription {
  /**
   * Whether what is freed from now on will be told. While it is not, the one who waits polls as if there
   * was no watch. `wake` is called when this changes, too: something may have been missed.
   */
  readonly isLive: boolean;
  /** `wake` is not called any more. Harmless when it was stopped before. */
  stop(): void;
}

export interface TtlRange {
  readonly least: number;
  readonly most: number;
}

/** A claim that was granted. */
export interface Grant {
  readonly claim: Claim;
  /** A safe integer, larger than that of every grant of these resources before. */
  readonly fencingToken: number;
}

/** How many have granted by now: some answer after it was decided. */
export interface GrantTally {
  readonly grantedCount: number;
}

export type Attempt =
  | {
      readonly granted: true;
      readonly validUntil: number;
      readonly fencingToken: number;
      readonly votes: readonly Vote[];
      readonly tally: GrantTally;
      /** The highest token that was won with it, if that is another one: by it nodes know the grant. */
      readonly lastToken?: number;
      /** Set when it was won by a vote for another claim and handed on since: that claim's owner. */
      readonly wonBy?: string;
    }
  | {
      readonly granted: false;
      readonly why: FailedWhy;
      readonly votes: readonly Vote[];
      /** Milliseconds after which it may be free by itself. */
      readonly retryAfterMs?: number;
    };

/**
 * - `held`: somebody else has it, or the tries of several split the votes;
 * - `unreachable`: too few nodes answered for a quorum, whatever they say;
 * - `late`: a quorum granted it, but too little of its time was left.
 */
export type FailedWhy = "held" | "unreachable" | "late";

export type Extension =
  | {
      readonly extended: true;
      readonly validUntil: number;
      readonly votes: readonly Vote[];
      readonly tally: GrantTally;
    }
  | {
      readonly extended: false;
      /**
       * - `broken`: stolen or released by force, a quorum can no longer be had;
       * - `missing`: so many nodes know nothing of it that a quorum can no longer be had;
       * - `unreachable`: too few nodes answered; what was valid stays valid.
       */
      readonly why: "broken" | "missing" | "unreachable";
      readonly votes: readonly Vote[];
    };

export interface ReleaseOutcome {
  /** `yes`: it was held until now. `unknown`: too few nodes answered; they are told again. */
  readonly released: "yes" | "missing" | "broken" | "unknown";
  readonly votes: readonly Vote[];
}

export interface ForcedRelease {
  /** Whether a quorum of nodes carried it out. */
  readonly done: boolean;
  /** Whether anybody was holding it on any node that answered. */
  readonly found: boolean;
  readonly votes: readonly Vote[];
}
