import type { ProcessIdentity } from "./world.ts";

/** As in the Web Locks API: one exclusive holder, or any number of shared ones. */
export type Mode = "exclusive" | "shared";

/** One try to get one lock: who wants what. */
export interface Claim {
  /** What is to be locked: at least one, no two alike. All are granted or none is. */
  readonly resources: readonly string[];
  readonly mode: Mode;
  /** Proves who holds the lock. Unique for every try, so that a late message harms nobody. */
  readonly owner: string;
  /** The manager that asks. */
  readonly clientId: string;
  readonly process: ProcessIdentity;
  /** Take the resources from whoever holds them. */
  readonly steal: boolean;
  /**
   * Set when the one who asks will try again after a refusal: for backends with a queue with every
   * try, for others from a writer's second try on.
   */
  readonly waiting?: Waiting | undefined;
  /** Set when it neither stands in a queue nor minds one: `fair: false`. */
  readonly isRacing?: boolean;
  /** How many of the same manager wait behind it for the same, to have it alone for as long. */
  readonly followerCount?: number;
  /**
   * Set by the backend as soon as a release was asked for: from then on nothing but releases may
   * be sent for this claim.
   */
  withdrawn: boolean;
  /** Set by the backend when it grants the claim. One that was withdrawn before never is granted. */
  granted: boolean;
  /** Set by a backend with a queue when others stand in it behind this claim. */
  isAwaited?: boolean;
}

/**
 * What one who waits leaves behind: a writer with a node that refuses it because of shared holders,
 * anybody with a backend that has a queue, which keeps its place until it is released.
 */
export interface Waiting {
  /** The same over all tries of one request. */
  readonly id: string;
  /** When it was asked for, by the clock of the world. */
  readonly askedAt: number;
  /**
   * For how long its place is kept, unless it comes back earlier. 0: it takes none; in a release it
   * does not wait any more, so nobody has to stay out for it.
   */
  forMs: number;
  /**
   * Its place in the queue: since when it waits, in microseconds of the nodes' time. Set by a backend
   * that sorts by it, with the first try.
   */
  since?: number;
  /** Set by the backend when it was asked for with its place, however that ends. */
  isSent?: boolean;
  /** Set by the backend when it was refused somewhere: its place may be kept there. */
  isKept?: boolean;
}
