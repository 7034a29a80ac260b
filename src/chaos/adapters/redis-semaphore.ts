import type { ClientOrders } from "../client/message.ts";
import type { Notes } from "./lock-client.ts";
import type { PeerClient, PeerLock } from "./observed.ts";
import { clientKind, connectAll, peerModule } from "./peer-module.ts";

interface Mutex {
  readonly isAcquired: boolean;
  acquire(): Promise<void>;
  release(): Promise<void>;
  stopRefresh(): void;
}

interface Module {
  readonly RedlockMutex: new (
    clients: readonly object[],
    key: string,
    options: {
      readonly lockTimeout: number;
      readonly acquireTimeout: number;
      readonly retryInterval?: number;
      readonly refreshInterval?: number;
      readonly onLockLost: () => void;
    },
  ) => Mutex;
}

/** For how long an answer of `isAcquired` is taken for good: until the next question. */
const saysForMs = 25;

/** `redis-semaphore`: its `RedlockMutex`. It renews by itself, and says nothing of validity. */
export async function openRedisSemaphore(
  { settings, peers, urls }: ClientOrders,
  { now }: Notes,
): Promise<PeerClient> {
  const { RedlockMutex } = await peerModule<Module>("redis-semaphore", peers);
  const kind = clientKind(settings);
  const clients = await connectAll(urls, kind);
  return {
    async acquire({ resources: [resource = ""], ttlMs, waitMs, renew }) {
      let tellLost = (): void => {};
      const mutex = new RedlockMutex(clients, resource, {
        lockTimeout: ttlMs,
        acquireTimeout: Math.max(waitMs, 1),
        ...(kind === "sensible" && { retryInterval: 50, refreshInterval: Math.floor(ttlMs / 3) }),
        onLockLost: () => tellLost(),
      });
      await mutex.acquire();
      if (!renew) mutex.stopRefresh();
      const lock = peerLock(mutex, renew ? Infinity : now() + ttlMs, now);
      const says = renew ? { saysForMs } : {};
      return { ...lock, ...says, whenLost: (listener) => (tellLost = listener) };
    },
    close: () => {
      for (const client of clients) client.disconnect();
      return Promise.resolve();
    },
  };
}

/**
 * With renewal its user has to believe that it is held whenever it says so; without, for the ttl that was
 * asked for.
 */
function peerLock(mutex: Mutex, until: number, now: () => number): PeerLock {
  return {
    validUntil: () => (Number.isFinite(until) ? until : now() + saysForMs),
    isHeld: () => mutex.isAcquired && now() < until,
    // There is no call for it: it renews by itself, or not at all.
    extend: () => Promise.resolve(),
    release: () => mutex.release(),
  };
}
