import { LockError } from "../../core/error.ts";
import type { LockManager } from "../../core/lock-manager.ts";
import type { Lock } from "../../core/lock.ts";
import type { AcquireOptions } from "../../core/option.ts";
import type { Clock, Random } from "../../core/world.ts";
import type { HistoryEvent } from "../history/event.ts";

/** What the lock protects: it refuses fencing tokens that are smaller than the largest that it saw. */
export class FencedStore {
  readonly #highest = new Map<string, number>();

  write(resource: string, fencingToken: number): boolean {
    if (fencingToken < (this.#highest.get(resource) ?? 0)) return false;
    this.#highest.set(resource, fencingToken);
    return true;
  }
}

export interface WorkloadOptions {
  readonly manager: LockManager;
  readonly clock: Clock;
  readonly random: Random;
  readonly resources: readonly string[];
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
  readonly store: FencedStore;
  readonly note: (event: HistoryEvent) => void;
  /** True time, for the record alone. */
  readonly now: () => number;
  /** Whether there is nothing more to do. */
  readonly isOver: () => boolean;
}

/** A line in a queue that a late message leaves lasts for ten times this and a round: not beyond the end. */
const retryDelayMs = 20;

/** What one client does, again and again: waits, holds, looks, writes, and lets go. */
export async function work(options: WorkloadOptions): Promise<void> {
  const { random, isOver } = options;
  while (!isOver()) {
    await pause(options, random.next() * 60);
    await once(options).catch((error: unknown) => {
      const isExpected = error instanceof LockError || error instanceof DOMException;
      if (!isExpected && !(error instanceof TypeError)) throw error;
    });
  }
}

async function once(options: WorkloadOptions): Promise<void> {
  const { manager, random, resources, minTtlMs, maxTtlMs } = options;
  const chance = random.next();
  const one = resources[Math.floor(random.next() * resources.length)] ?? "r";
  const ttlMs = Math.ceil(minTtlMs + (maxTtlMs - minTtlMs) * random.next());
  const renew = random.next() < 0.8;
  const waitMs = Math.ceil(random.next() * 3 * maxTtlMs);
  const many = random.next() < 0.25;
  if (chance < 0.03) {
    await manager.request(one, { steal: true, ttlMs }, (lock) => hold(lock, options));
    return;
  }
  if (many && chance > 0.3) {
    await burst(one, { ttlMs, waitMs, retryDelayMs }, options);
    return;
  }
  const wanted = chance < 0.15 ? resources : one;
  const mode = chance > 0.75 ? "shared" : "exclusive";
  const lock = await manager.acquire(wanted, { ttlMs, waitMs, renew, mode, retryDelayMs });
  await hold(lock, options);
  // Now and then somebody forgets it, and it has to run out.
  if (renew || random.next() > 0.2) await lock.release();
}

/** Several of one client want the same for a moment: some of them get it from the one before. */
async function burst(
  resource: string,
  asked: AcquireOptions,
  options: WorkloadOptions,
): Promise<void> {
  const { manager, random, maxTtlMs } = options;
  const each = async (): Promise<void> => {
    const lock = await manager.acquire(resource, asked);
    look(lock, options);
    await pause(options, random.next() * (random.next() < 0.2 ? maxTtlMs / 2 : 2));
    look(lock, options);
    await lock.release();
  };
  const count = 2 + Math.floor(random.next() * 5);
  const all = await Promise.allSettled(Array.from({ length: count }, each));
  for (const one of all) if (one.status === "rejected") throw one.reason;
}

/** Asks whether it is held, and writes. */
function look(lock: Lock, { note, now, store }: WorkloadOptions): void {
  const { owner: attempt, fencingToken } = lock;
  note({ type: "belief", at: now(), attempt, held: lock.held });
  for (const resource of lock.resources) {
    if (lock.mode === "shared") continue;
    const accepted = store.write(resource, fencingToken);
    note({ type: "write", at: now(), attempt, resource, fencingToken, accepted });
  }
}

async function hold(lock: Lock, options: WorkloadOptions): Promise<void> {
  const { random, note, now, maxTtlMs } = options;
  const attempt = lock.owner;
  for (let beats = 1 + Math.floor(random.next() * 4); beats > 0; beats--) {
    look(lock, options);
    await pause(options, (random.next() * maxTtlMs) / 4);
    if (random.next() < 0.1) await lock.extend().catch(() => {});
  }
  note({ type: "belief", at: now(), attempt, held: lock.held });
}

function pause({ clock }: WorkloadOptions, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(ms, resolve, true));
}
