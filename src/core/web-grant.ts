import type { HeldLock } from "./held-lock.ts";
import type { Lock } from "./lock.ts";
import type { LockLostError } from "./error.ts";

/**
 * Runs the callback of a granted request, then releases the lock. The promise is the "released
 * promise" of https://w3c.github.io/web-locks/#concept-lock: it follows the callback's result once
 * the lock is released, and rejects with an `AbortError` as soon as somebody steals the lock.
 */
export function runWithLock<T>(
  lock: HeldLock,
  callback: (lock: Lock) => T | PromiseLike<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onLost = (loss: LockLostError): void => {
      if (loss.reason === "broken") reject(stolen(loss));
    };
    if (lock.loss !== undefined) {
      // Between the grant and us.
      reject(lock.loss.reason === "broken" ? stolen(lock.loss) : lock.loss);
      return;
    }
    lock.whenLost(onLost);
    // Whatever settles after the promise was rejected goes nowhere, as the specification wants.
    const waiting = new Promise<T>((settle) => settle(callback(lock)));
    waiting.then(
      async (value) => {
        await lock.release();
        if (lock.loss === undefined) resolve(value);
        else if (lock.loss.reason === "broken") reject(stolen(lock.loss));
        else reject(lock.loss);
      },
      async (error: unknown) => {
        await lock.release();
        reject(error);
      },
    );
  });
}

function stolen(loss: LockLostError): DOMException {
  const error = new DOMException(loss.message, "AbortError");
  Object.defineProperty(error, "cause", { value: loss, configurable: true, writable: true });
  return error;
}
