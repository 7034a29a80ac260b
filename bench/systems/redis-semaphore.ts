import { versionOf } from "../package-version.ts";
import { ttlMs, type System } from "../system.ts";
import { connect, disconnect } from "./clients.ts";

interface Module {
  readonly RedlockMutex: new (
    clients: readonly object[],
    key: string,
    options: { lockTimeout: number },
  ) => { acquire(): Promise<void>; release(): Promise<void> };
}

export const redisSemaphore: System = {
  name: "redis-semaphore",
  version: versionOf("redis-semaphore"),
  async open(urls) {
    const { RedlockMutex } = (await import("redis-semaphore")) as unknown as Module;
    const clients = await connect(urls);
    return {
      async acquire(resource) {
        const mutex = new RedlockMutex(clients, resource, { lockTimeout: ttlMs });
        await mutex.acquire();
        return () => mutex.release();
      },
      close: () => disconnect(clients),
    };
  },
};
