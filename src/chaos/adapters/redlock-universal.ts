import type { ClientOrders } from "../client/message.ts";
import { heldByUsing } from "./held-by-using.ts";
import type { Notes } from "./lock-client.ts";
import type { PeerClient } from "./observed.ts";
import { clientKind, connectAll, peerModule, renewsByUsing } from "./peer-module.ts";

interface Handle {
  readonly acquiredAt: number;
  readonly ttl: number;
}

interface Lock {
  acquire(): Promise<Handle>;
  release(handle: Handle): Promise<boolean>;
  extend(handle: Handle, ttlMs: number): Promise<boolean>;
  using(routine: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

interface Module {
  readonly IoredisAdapter: new (client: object) => object;
  readonly createRedlock: (config: {
    readonly adapters: readonly object[];
    readonly key: string;
    readonly ttl: number;
    readonly retryAttempts: number;
    readonly retryDelay?: number;
    readonly clockDriftFactor?: number;
  }) => Lock;
}

const retryMs = 200;

/** `redlock-universal`: its `createRedlock`. The handle has when it was acquired, and the ttl. */
export async function openRedlockUniversal(
  { settings, peers, urls }: ClientOrders,
  { now }: Notes,
): Promise<PeerClient> {
  const module = await peerModule<Module>("redlock-universal", peers);
  const kind = clientKind(settings);
  const clients = await connectAll(urls, kind);
  const adapters = clients.map((client) => new module.IoredisAdapter(client));
  return {
    async acquire({ resources: [key = ""], ttlMs, waitMs, renew }) {
      const retryAttempts = Math.ceil(waitMs / retryMs);
      const lock = module.createRedlock({ adapters, key, ttl: ttlMs, retryAttempts });
      if (renew && renewsByUsing(settings)) return heldByUsing((use) => lock.using(use), now);
      const handle = await lock.acquire();
      let until = handle.acquiredAt + handle.ttl;
      return {
        validUntil: () => now() + until - Date.now(),
        isHeld: () => Date.now() < until,
        extend: async () => {
          const asked = Date.now();
          if (!(await lock.extend(handle, ttlMs))) throw new Error("it was not extended");
          until = asked + ttlMs;
        },
        release: () => {
          until = 0;
          return lock.release(handle);
        },
      };
    },
    close: () => {
      for (const client of clients) client.disconnect();
      return Promise.resolve();
    },
  };
}
