import type { ClientOrders } from "../client/message.ts";
import { heldByUsing, type Using } from "./held-by-using.ts";
import type { Notes } from "./lock-client.ts";
import type { PeerClient, PeerLock } from "./observed.ts";
import { clientKind, connectAll, peerModule, renewsByUsing } from "./peer-module.ts";

interface Lock {
  readonly expiration: number;
  extend(durationMs: number): Promise<Lock>;
  release(): Promise<unknown>;
}

interface Redlock {
  acquire(resources: string[], durationMs: number, settings: object): Promise<Lock>;
  using(
    resources: string[],
    durationMs: number,
    settings: object,
    routine: (signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  on(event: "error", listener: () => void): void;
}

type RedlockClass = new (clients: readonly object[], settings?: object) => Redlock;
type Module = { readonly default: RedlockClass | { readonly default: RedlockClass } } & {
  readonly Redlock?: RedlockClass;
};

/** 200 ms of delay and as much jitter at most: about how long a try takes by its defaults. */
const retryMs = 200;

/** `redlock` and `@sesamecare-oss/redlock`, its fork: `package` says which. */
export async function openRedlock(orders: ClientOrders, { now }: Notes): Promise<PeerClient> {
  const { settings, peers, urls } = orders;
  const module = await peerModule<Module>(String(settings["package"]), peers);
  const { default: byDefault } = module;
  const Redlock = module.Redlock ?? ("default" in byDefault ? byDefault.default : byDefault);
  const kind = clientKind(settings);
  const clients = await connectAll(urls, kind);
  const redlock = new Redlock(clients, kind === "sensible" ? { driftFactor: 0.01 } : undefined);
  // It emits one for every contention.
  redlock.on("error", () => {});
  return {
    async acquire({ resources, ttlMs, waitMs, renew }) {
      const retryCount = Math.ceil(waitMs / retryMs);
      if (renew && renewsByUsing(settings)) {
        const using: Using = (use) => redlock.using([...resources], ttlMs, { retryCount }, use);
        return heldByUsing(using, now);
      }
      const lock = await redlock.acquire([...resources], ttlMs, { retryCount });
      return peerLock(lock, ttlMs, now);
    },
    close: () => {
      for (const client of clients) client.disconnect();
      return Promise.resolve();
    },
  };
}

/** It says when it expires, in the time of day. */
function peerLock(first: Lock, ttlMs: number, now: () => number): PeerLock {
  let lock = first;
  return {
    validUntil: () => now() + lock.expiration - Date.now(),
    isHeld: () => Date.now() < lock.expiration,
    extend: async () => {
      lock = await lock.extend(ttlMs);
    },
    release: () => {
      const releasing = lock.release();
      lock = { ...lock, expiration: 0 };
      return releasing;
    },
  };
}
