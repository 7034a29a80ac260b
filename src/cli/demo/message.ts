import type { RedisQuorumOptions } from "../../redis.ts";

/** What a worker tells the demo. Instants are nanoseconds of the machine's one monotonic clock. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting" }
  | { readonly kind: "entered" }
  | { readonly kind: "section"; readonly section: Section }
  | { readonly kind: "trouble"; readonly message: string };

/** One stay in the critical section. */
export interface Section {
  readonly worker: number;
  /** When the lock was asked for, when it was granted, and when the work was done. */
  readonly askedAt: number;
  readonly enteredAt: number;
  readonly leftAt: number;
}

/** What a worker is started with. */
export interface WorkerOrders {
  readonly worker: number;
  readonly urls: readonly string[];
  readonly counterFile: string;
  readonly settings: RedisQuorumOptions;
}

/** Small, so that a master that comes back without its data is silent for a second and a half only. */
export const demoSettings = { maxTtlMs: 1_000, maxSkewMs: 250 } as const;
