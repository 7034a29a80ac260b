import { versionOf } from "../package-version.ts";
import { ttlMs, type System } from "../system.ts";
import { connect, disconnect } from "./clients.ts";

interface Redlock {
  acquire(resources: string[], durationMs: number): Promise<{ release(): Promise<unknown> }>;
}
type RedlockClass = new (clients: readonly object[]) => Redlock;

/** `redlock`, the original. */
export const redlock: System = {
  name: "redlock",
  version: versionOf("redlock"),
  async open(urls) {
    const { default: Redlock } = (await import("redlock")) as { default: RedlockClass };
    return opened(Redlock, urls);
  },
};

/** Its maintained fork. */
export const sesamecare: System = {
  name: "@sesamecare-oss/redlock",
  version: versionOf("@sesamecare-oss/redlock"),
  async open(urls) {
    const { Redlock } = (await import("@sesamecare-oss/redlock")) as { Redlock: RedlockClass };
    return opened(Redlock, urls);
  },
};

async function opened(Redlock: RedlockClass, urls: readonly string[]): ReturnType<System["open"]> {
  const clients = await connect(urls);
  const locks = new Redlock(clients);
  return {
    async acquire(resource) {
      const lock = await locks.acquire([resource], ttlMs);
      return () => lock.release();
    },
    close: () => disconnect(clients),
  };
}
