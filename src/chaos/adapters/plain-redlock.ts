import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";

export interface PlainLock {
  /** Whether its validity is not over. */
  readonly isValid: () => boolean;
  readonly remainingMs: () => number;
  /** Rejects when no majority prolonged it in time. */
  readonly extend: (ttlMs: number) => Promise<void>;
  readonly release: () => Promise<void>;
}

const compareAndDelete = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

const compareAndExpire = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`;

const defaultPatienceMs = 500;

/**
 * Redlock as its page has it, through ioredis as it comes: `SET NX PX` on all, a majority in time, and
 * nothing that looks after nodes that forget. What our nodes prevent has to happen to it.
 */
export class PlainRedlock {
  readonly #clients: readonly Redis[];

  constructor(urls: readonly string[]) {
    this.#clients = urls.map((url) => new Redis(url));
    for (const client of this.#clients) client.on("error", () => {});
  }

  /** `undefined` when no majority granted it within `patienceMs`. */
  async acquire(
    resource: string,
    ttlMs: number,
    patienceMs: number = defaultPatienceMs,
  ): Promise<PlainLock | undefined> {
    const owner = randomUUID();
    let validUntil = validity(ttlMs);
    const isGranted = await this.#majority(
      async (client) => (await client.set(resource, owner, "PX", ttlMs, "NX")) === "OK",
      patienceMs,
    );
    const remainingMs = (): number => validUntil - performance.now();
    const release = (): Promise<void> => {
      validUntil = 0;
      return this.#undo(resource, owner);
    };
    const isValid = (): boolean => remainingMs() > 0;
    const extend = async (ms: number): Promise<void> => {
      const until = validity(ms);
      const isExtended = await this.#majority(
        async (client) => (await client.eval(compareAndExpire, 1, resource, owner, ms)) === 1,
        patienceMs,
      );
      if (!isExtended || !isValid()) throw new Error("it was not extended in time");
      validUntil = until;
    };
    if (isGranted && isValid()) return { isValid, remainingMs, extend, release };
    void release();
    return undefined;
  }

  close(): void {
    for (const client of this.#clients) client.disconnect();
  }

  async #undo(resource: string, owner: string): Promise<void> {
    await this.#majority(async (client) => {
      await client.eval(compareAndDelete, 1, resource, owner);
      return true;
    }, defaultPatienceMs);
  }

  /** Whether most nodes say yes within that time. */
  async #majority(ask: (client: Redis) => Promise<boolean>, patienceMs: number): Promise<boolean> {
    let granted = 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const votes = this.#clients.map(async (client) => {
        if (!(await ask(client))) return;
        granted++;
        if (granted > this.#clients.length / 2) finish();
      });
      void Promise.allSettled(votes).then(() => finish());
    });
    return granted > this.#clients.length / 2;
  }
}

function validity(ttlMs: number): number {
  return performance.now() + ttlMs - ttlMs / 100 - 2;
}
