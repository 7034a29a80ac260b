/** A lock library, or a measuring stick, behind the one adapter that the workloads know. */
export interface System {
  readonly name: string;
  /** The version that is measured, as its package says. */
  readonly version: string;
  /** Connects to the masters. */
  open(urls: readonly string[]): Promise<OpenSystem>;
}

export interface OpenSystem {
  /** Takes a lock that is free, and resolves to what gives it back. */
  acquire(resource: string): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

/** How long all systems ask for, in milliseconds. */
export const ttlMs = 10_000;
