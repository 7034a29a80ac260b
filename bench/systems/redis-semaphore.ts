import { versionOf } from "../package-version.ts";
import type { System } from "../system.ts";
import { connect, disconnect } from "./clients.ts";

interface Module {
  readonly RedlockMutex: new (
    clients: readonly object[],
    key: string,
    options: { lockTimeout: number; onLockLost: () => void },
  ) => { acquire(): Promise<void>; release(): Promise<void> };
}

export const redisSemaphore: System = {
  name: "redis-semaphore",
  version: versionOf("redis-semaphore"),
  async open(urls, { ttlMs }) {
    const { RedlockMutex } = (await import("redis-semaphore")) as unknown as Module;
    const clients = await connect(urls);
    const taken = async (resource: string): Promise<{ release(): Promise<void> }> => {
      // By its defaults a lost lock ends the process.
      const options = { lockTimeout: ttlMs, onLockLost: () => {} };
      const mutex = new RedlockMutex(clients, resource, options);
      await mutex.acquire();
      return mutex;
    };
    return {
      async acquire(resource) {
        const mutex = await taken(resource);
        return () => mutex.release();
      },
      // It renews by itself, always.
      hold: taken,
      close: () => disconnect(clients),
    };
  },
};
