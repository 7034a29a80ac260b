import type { Mode } from "../../index.ts";
import type { HistoryEvent } from "../../testing.ts";
import type { NodeEvent } from "../../redis.ts";

/** One client of a lock library: what every system is behind. */
export interface LockClient {
  /** Rejects when the lock was not granted. */
  acquire(wish: FullWish): Promise<ClientLock>;
  /** Whether such an error says that somebody else has the lock, and not that something is broken. */
  isRefusal(error: unknown): boolean;
  close(): Promise<void>;
}

export interface FullWish {
  readonly resources: readonly string[];
  readonly mode: Mode;
  readonly ttlMs: number;
  /** For how long to wait for others; 0: one try. */
  readonly waitMs: number;
  readonly renew: boolean;
}

export interface ClientLock {
  readonly attempt: string;
  /** Undefined for a library that has none. */
  readonly fencingToken: number | undefined;
  /** What the library says now, to somebody who asked at this instant. */
  isHeld(at: number): boolean;
  extend(): Promise<void>;
  release(): Promise<unknown>;
}

/** Where an adapter writes down what it sees. Instants are milliseconds since the run began. */
export interface Notes {
  readonly client: string;
  readonly now: () => number;
  readonly note: (event: HistoryEvent) => void;
  readonly tellNode: (event: NodeEvent) => void;
}
