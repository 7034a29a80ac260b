import { setTimeout as pause } from "node:timers/promises";
import type { ClientOrders } from "../client/message.ts";
import type { Notes } from "./lock-client.ts";
import type { PeerClient, PeerLock } from "./observed.ts";
import { PlainRedlock, type PlainLock } from "./plain-redlock.ts";

const longestRetryMs = 100;

/** Redlock as its page has it. */
export function openPlain({ urls }: ClientOrders, { now }: Notes): Promise<PeerClient> {
  const redlock = new PlainRedlock(urls);
  const acquire = async (resource: string, ttlMs: number, waitMs: number): Promise<PeerLock> => {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const lock = await redlock.acquire(resource, ttlMs);
      if (lock !== undefined) return peerLock(lock, ttlMs, now);
      if (performance.now() > deadline) throw new Error("no quorum granted it in time");
      await pause(Math.random() * longestRetryMs);
    }
  };
  return Promise.resolve({
    acquire: ({ resources: [resource = ""], ttlMs, waitMs }) => acquire(resource, ttlMs, waitMs),
    close: () => {
      redlock.close();
      return Promise.resolve();
    },
  });
}

function peerLock(lock: PlainLock, ttlMs: number, now: () => number): PeerLock {
  return {
    validUntil: () => now() + lock.remainingMs(),
    isHeld: () => lock.isValid(),
    extend: () => lock.extend(ttlMs),
    release: () => lock.release(),
  };
}
