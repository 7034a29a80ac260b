import type { LockManager } from "../../core/lock-manager.ts";
import type { Lock } from "../../core/lock.ts";
import type { Clock } from "../../core/world.ts";

const waitMs = 5_000;
const pauseMs = 50;
/** Short, for who is not told because words get lost is delayed by ten times this. */
const retryDelayMs = 20;

/** Resolves when each of the locks could be had once more. */
export async function takeEach(
  manager: LockManager,
  clock: Clock,
  names: readonly string[],
  ttlMs: number,
): Promise<void> {
  for (const name of names) {
    let lock: Lock | undefined;
    while (lock === undefined) {
      // Too few nodes is an error at once: whoever wants to sit out a quarantine asks again.
      lock = await manager.acquire(name, { ttlMs, waitMs, retryDelayMs }).catch(() => undefined);
      if (lock === undefined)
        await new Promise<void>((resolve) => void clock.setTimer(pauseMs, resolve, true));
    }
    await lock.release();
  }
}
