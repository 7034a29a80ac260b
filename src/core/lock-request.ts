import type { Claim, Mode } from "./claim.ts";
import { deferred, type Deferred } from "./deferred.ts";
import type { HeldLock } from "./held-lock.ts";
import type { Vote } from "./vote.ts";
import type { Timer } from "./world.ts";

/** What somebody wants, with everything settled. */
export interface Wish {
  readonly resources: readonly string[];
  readonly mode: Mode;
  readonly steal: boolean;
  readonly ttlMs: number;
  /** 0: try once, and not even that when somebody in this manager comes first. */
  readonly waitMs: number;
  readonly retryDelayMs: number;
  readonly renew: boolean;
}

/**
 * - `waiting`: for somebody in this manager, or to be looked at;
 * - `trying`: a try is under way;
 * - `pausing`: after a try that failed, before the next one;
 * - `settled`: granted, given up, failed or cancelled. It is in no queue any more.
 */
export type RequestState = "waiting" | "trying" | "pausing" | "settled";

/** One wish on its way to a lock. The scheduler alone changes it. */
export class LockRequest {
  readonly wish: Wish;
  /** Its place among all requests of the manager. */
  readonly number: number;
  readonly askedAt: number;
  /** No try starts later. Infinity: it waits for ever. */
  readonly deadline: number;
  /** The lock, or `null` when it could not be had in time. */
  readonly result: Deferred<HeldLock | null> = deferred();
  state: RequestState = "waiting";
  /** Whether its first try has been answered. */
  isDecided = false;
  /** The try that is under way, or the last one. */
  claim: Claim | undefined;
  /** What the nodes said to the last try. */
  votes: readonly Vote[] = [];
  timer: Timer | undefined;

  constructor(wish: Wish, number: number, askedAt: number) {
    this.wish = wish;
    this.number = number;
    this.askedAt = askedAt;
    this.deadline = askedAt + wish.waitMs;
  }

  get name(): string {
    return this.wish.resources.join(", ");
  }

  get isPatient(): boolean {
    return this.wish.waitMs > 0;
  }
}
