import type { OpenOptions, OpenSystem, System } from "../system.ts";
import { versionOf } from "../package-version.ts";
import { heldInRoutine } from "./held-in-routine.ts";
import { connect, disconnect } from "./clients.ts";

interface Redlock {
  acquire(resources: string[], durationMs: number): Promise<{ release(): Promise<unknown> }>;
  using(resources: string[], durationMs: number, routine: () => Promise<unknown>): Promise<unknown>;
  on(event: "error", listener: () => void): void;
}
type RedlockClass = new (clients: readonly object[]) => Redlock;

/** `redlock`, the original. */
export const redlock: System = {
  name: "redlock",
  version: versionOf("redlock"),
  async open(urls, options) {
    const { default: Redlock } = (await import("redlock")) as { default: RedlockClass };
    return opened(Redlock, urls, options);
  },
};

/** Its maintained fork. */
export const sesamecare: System = {
  name: "@sesamecare-oss/redlock",
  version: versionOf("@sesamecare-oss/redlock"),
  async open(urls, options) {
    const { Redlock } = (await import("@sesamecare-oss/redlock")) as { Redlock: RedlockClass };
    return opened(Redlock, urls, options);
  },
};

async function opened(
  Redlock: RedlockClass,
  urls: readonly string[],
  { ttlMs }: OpenOptions,
): Promise<OpenSystem> {
  const clients = await connect(urls);
  const locks = new Redlock(clients);
  // It emits one for every try that failed.
  locks.on("error", () => {});
  return {
    async acquire(resource) {
      const lock = await locks.acquire([resource], ttlMs);
      return () => lock.release();
    },
    hold: (resource) => heldInRoutine((routine) => locks.using([resource], ttlMs, routine)),
    close: () => disconnect(clients),
  };
}
