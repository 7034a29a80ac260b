import type { Leftover } from "./leftovers.ts";

/** One server of an authority, as every kind of it can be hurt. */
export interface ServerNode {
  /** `node 1`, `node 2` … */
  readonly name: string;
  readonly url: string;
  /** Where it comes from, with its version. */
  readonly origin: string;
  /** What it does among several that elect a leader; undefined when it serves nobody. */
  role?(): Promise<string | undefined>;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  setClock(offsetMs: number, rate: number): void;
  /** Up, running and in time. */
  heal(): Promise<void>;
  /** It said that it does not vote yet. */
  silent(at: number, forMs: number, about: string): void;
  /** Locks that still stand on it; none on one that is down. */
  leftovers(): Promise<Leftover[]>;
  close(): Promise<void>;
}
