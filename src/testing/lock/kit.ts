import type { LockManager } from "../../core/lock-manager.ts";
import type { LockOptions } from "../../core/option.ts";
import type { Passing } from "../contract.ts";

/** Any number of managers that compete for the same locks, as if each were a process of its own. */
export interface LockFixture extends Passing {
  /** A new manager. The fixture closes it in the end. */
  readonly manager: (defaults?: LockOptions) => LockManager;
  /** A resource that no other check touches. */
  readonly resource: (hint?: string) => string;
}

/** Short enough to wait for it, long enough to be renewed in time on a busy machine. */
export const ttlMs = 200;
