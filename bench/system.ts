/** A lock library, or a measuring stick, behind the one adapter that the workloads know. */
export interface System {
  readonly name: string;
  /** The version that is measured, as its package says. */
  readonly version: string;
  /** What it does not do, and why; workloads that need it leave it out and say so. */
  readonly cannot?: Partial<Record<Ability, string>>;
  /** Connects to the servers. */
  open(urls: readonly string[], options: OpenOptions): Promise<OpenSystem>;
}

/** `wait`: for a lock that somebody else has; `hold`: keep it for longer than its ttl. */
export type Ability = "wait" | "hold";

export interface OpenOptions {
  /** How long all systems ask for, in milliseconds. */
  readonly ttlMs: number;
}

export interface OpenSystem {
  /** Takes a lock, waiting as the library does by its defaults; resolves to what gives it back. */
  acquire(resource: string): Promise<() => Promise<unknown>>;
  /** Takes a lock and keeps it renewed by the library's own means. */
  hold?(resource: string): Promise<KeptLock>;
  close(): Promise<void>;
}

export interface KeptLock {
  /** How much time is left at the moment, where the library says so: it grows with an extension. */
  readonly remainingMs?: number;
  release(): Promise<unknown>;
}

/** How long locks are asked for unless a workload needs something else. */
export const ttlMs = 10_000;
