import type { Subscription } from "../core/lock-backend.ts";
import { watchDeletion } from "./request.ts";
import type { Session } from "./session.ts";
import { errorCode, hasCode } from "./zookeeper-error.ts";

/**
 * Who waits for what, and the znodes that are watched for them: for each who waits, the one before
 * it.
 */
export class Notices {
  readonly #listeners = new Map<string, Set<() => void>>();
  /** The resource of each znode that this connection tells about. */
  readonly #watched = new Map<string, string>();

  subscribe(
    resources: readonly string[],
    listener: () => void,
    isLive: () => boolean,
  ): Subscription {
    // Its own, so that the same function can be there twice.
    const wake = (): void => listener();
    for (const resource of resources) {
      const listeners = this.#listeners.get(resource) ?? new Set();
      this.#listeners.set(resource, listeners.add(wake));
    }
    return {
      get isLive(): boolean {
        return isLive();
      },
      stop: () => {
        for (const resource of resources) this.#remove(resource, wake);
      },
    };
  }

  /** Has the deletion of a znode told. Resolves to `false` when it is gone already. */
  async watch(session: Session, path: string, resource: string): Promise<boolean> {
    if (this.#watched.has(path)) return true;
    this.#watched.set(path, resource);
    try {
      await session.send(watchDeletion(path));
      return true;
    } catch (error) {
      if (!hasCode(error, errorCode.noNode)) throw error;
      // Others may rely on this watch.
      this.deleted(path);
      return false;
    }
  }

  deleted(path: string): void {
    const resource = this.#watched.get(path);
    this.#watched.delete(path);
    if (resource !== undefined) this.#wake(resource);
  }

  /**
   * The connection was made or lost: nothing is watched any more, and something may have been
   * missed.
   */
  changed(): void {
    this.#watched.clear();
    for (const resource of [...this.#listeners.keys()]) this.#wake(resource);
  }

  #wake(resource: string): void {
    for (const wake of [...(this.#listeners.get(resource) ?? [])]) wake();
  }

  #remove(resource: string, wake: () => void): void {
    const listeners = this.#listeners.get(resource);
    listeners?.delete(wake);
    if (listeners?.size === 0) this.#listeners.delete(resource);
  }
}
