import type { HeldLock } from "./held-lock.ts";
import type { LockRequest } from "./lock-request.ts";
import type { Scheduler } from "./scheduler.ts";

/** The outcome of a request, which its signal may end as long as nothing is granted. */
export function resultOf(
  request: LockRequest,
  scheduler: Scheduler,
  signal: AbortSignal | undefined,
): Promise<HeldLock | null> {
  const { promise } = request.result;
  return signal === undefined ? promise : resultOrAbort(request, scheduler, signal);
}

async function resultOrAbort(
  request: LockRequest,
  scheduler: Scheduler,
  signal: AbortSignal,
): Promise<HeldLock | null> {
  // Not AbortSignal.any: on Node 20 and 22 it leaks with a signal that lives long.
  const onAbort = (): void => scheduler.cancel(request, signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const lock = await request.result.promise;
    if (!signal.aborted) return lock;
    // It came between the grant and us: nobody has seen the lock yet.
    await lock?.release();
    throw signal.reason;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
