import type { PeerLock } from "./observed.ts";

/** What libraries call `using`: they renew while the routine runs, and tell of a loss by the signal. */
export type Using = (routine: (signal: AbortSignal) => Promise<void>) => Promise<unknown>;

/** For how long it is taken for good that the signal is not aborted: until the next question. */
const saysForMs = 25;

/** A lock whose routine lasts until it is released. Its user has to believe the signal, and nothing else. */
export function heldByUsing(using: Using, now: () => number): Promise<PeerLock> {
  return new Promise((resolve, reject) => {
    const used = using(async (signal) => {
      await new Promise<void>((end) => resolve(lockOf(signal, end)));
    });
    const lockOf = (signal: AbortSignal, end: () => void): PeerLock => {
      let isReleased = false;
      return {
        saysForMs,
        validUntil: () => now() + saysForMs,
        isHeld: () => !isReleased && !signal.aborted,
        // It renews by itself.
        extend: () => Promise.resolve(),
        release: () => {
          isReleased = true;
          end();
          return used;
        },
        whenLost: (listener) => signal.addEventListener("abort", listener),
      };
    };
    used.catch(reject);
  });
}
