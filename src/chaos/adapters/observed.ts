import type { ClientLock, FullWish, LockClient, Notes } from "./lock-client.ts";

/** A library that says nothing of its tries: seen from outside, a call of acquire is one attempt. */
export interface PeerClient {
  acquire(wish: FullWish): Promise<PeerLock>;
  close(): Promise<void>;
}

export interface PeerLock {
  /** Until when the lock is valid by what the library says, as a reading of the true time. */
  validUntil(): number;
  /**
   * Set for a library that says nothing of validity but only whether it is held now, as long as it renews:
   * then what it says is good for so long, until it is asked again.
   */
  readonly saysForMs?: number;
  isHeld(): boolean;
  extend(): Promise<void>;
  release(): Promise<unknown>;
  /** Calls back when the library says that it is lost. */
  readonly whenLost?: (listener: () => void) => void;
  /** Calls back when the library has prolonged it by itself. */
  readonly whenRenewed?: (listener: () => void) => void;
}

/** Writes down what a peer does, as far as it can be seen. */
export class ObservedClient implements LockClient {
  readonly #peer: PeerClient;
  readonly #notes: Notes;
  #count = 0;

  constructor(peer: PeerClient, notes: Notes) {
    this.#peer = peer;
    this.#notes = notes;
  }

  async acquire(wish: FullWish): Promise<ClientLock> {
    const { client, now, note } = this.#notes;
    const attempt = `${client}.${process.pid}.${this.#count++}`;
    const { resources, mode } = wish;
    const startedAt = now();
    note({ type: "invoke", at: startedAt, attempt, client, resources, mode });
    let lock: PeerLock;
    try {
      lock = await this.#peer.acquire(wish);
    } catch (error) {
      note({ type: "failed", at: now(), attempt });
      throw error;
    }
    // Neither tokens nor votes can be seen: they are not judged.
    const unseen = { fencingToken: 0, votes: 0, quorum: 0 };
    const validUntil = lock.validUntil();
    note({ type: "granted", at: now(), attempt, validUntil, startedAt, ...unseen });
    lock.whenLost?.(() => note({ type: "lost", at: now(), attempt }));
    lock.whenRenewed?.(() => this.#noteExtended(attempt, lock));
    return this.#observed(attempt, lock);
  }

  isRefusal(): boolean {
    return false;
  }

  close(): Promise<void> {
    return this.#peer.close();
  }

  #observed(attempt: string, lock: PeerLock): ClientLock {
    const { now, note } = this.#notes;
    return {
      attempt,
      fencingToken: undefined,
      isHeld: (at) => {
        const held = lock.isHeld();
        const { saysForMs } = lock;
        if (held && saysForMs !== undefined) {
          note({ type: "extended", at, attempt, validUntil: at + saysForMs });
        }
        return held;
      },
      extend: async () => {
        note({ type: "extending", at: now(), attempt });
        await lock.extend();
        this.#noteExtended(attempt, lock);
      },
      release: () => {
        note({ type: "releasing", at: now(), attempt });
        return lock.release();
      },
    };
  }

  #noteExtended(attempt: string, lock: PeerLock): void {
    const { now, note } = this.#notes;
    note({ type: "extended", at: now(), attempt, validUntil: lock.validUntil() });
  }
}
