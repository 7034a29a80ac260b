import type { Claim, Mode, Waiting } from "./claim.ts";
import { deferred, type Deferred } from "./deferred.ts";
import type { HeldLock } from "./held-lock.ts";
import type { Subscription } from "./lock-backend.ts";
import type { Settings } from "./option.ts";
import type { Vote } from "./vote.ts";
import type { Timer } from "./world.ts";

/**
 * - `waiting`: for somebody in this manager, or to be looked at;
 * - `next`: its turn has come, but too many tries are under way;
 * - `trying`: a try is under way;
 * - `pausing`: after a try that failed, before the next one;
 * - `settled`: granted, given up, failed or cancelled. It is in no queue any more.
 */
export type RequestState = "waiting" | "next" | "trying" | "pausing" | "settled";

/** Who is told when it is free asks so many times less often: only in case word gets lost. */
const toldPauseFactor = 10;

/** What somebody asked for, on its way to a lock. The scheduler alone changes it. */
export class LockRequest {
  readonly resources: readonly string[];
  readonly settings: Settings;
  readonly steal: boolean;
  /** Its place among all requests of the manager. */
  readonly number: number;
  readonly askedAt: number;
  /** The lock, or `null` when it could not be had in time. */
  readonly result: Deferred<HeldLock | null> = deferred();
  state: RequestState = "waiting";
  /** Whether its first try has been answered. */
  isDecided = false;
  /** The try that is under way, or the last one. */
  claim: Claim | undefined;
  /** What all its claims carry, if they do. */
  waiting: Waiting | undefined;
  /** What the nodes said to the last try. */
  votes: readonly Vote[] = [];
  timer: Timer | undefined;
  /** Begins with the first pause. */
  subscription: Subscription | undefined;
  /** Whether what it waits for may have become free since the last try began. */
  isWoken = false;

  constructor(wish: Wish, number: number, askedAt: number) {
    this.resources = wish.resources;
    this.settings = wish.settings;
    this.steal = wish.steal;
    this.number = number;
    this.askedAt = askedAt;
  }

  get name(): string {
    return this.resources.join(", ");
  }

  get mode(): Mode {
    return this.settings.mode;
  }

  /** No try starts later. Infinity: it waits for ever. */
  get deadline(): number {
    return this.askedAt + this.settings.waitMs;
  }

  /** The longest pause before the next try, in milliseconds. */
  get longestPauseMs(): number {
    // Where several split the votes nobody has it who could set it free.
    const isSplit = this.votes.some(({ vote }) => vote === "granted");
    const isTold = this.subscription?.isLive === true && !isSplit;
    return this.settings.retryDelayMs * (isTold ? toldPauseFactor : 1);
  }

  /** If not, it is tried once, and not even that when somebody in this manager comes first. */
  get isPatient(): boolean {
    return this.settings.waitMs > 0;
  }
}

/** What somebody asks a manager for. */
export interface Wish {
  readonly resources: readonly string[];
  readonly settings: Settings;
  readonly steal: boolean;
}
