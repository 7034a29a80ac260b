import assert from "node:assert/strict";
import { deferred } from "../../core/deferred.ts";
import type { LockManager } from "../../core/lock-manager.ts";
import type { Lock } from "../../core/lock.ts";
import type { RequestOptions } from "../../core/option.ts";

/** A request whose callback runs until it is told to end. */
export interface Held {
  /** Resolves with the lock when the callback is called. */
  readonly granted: Promise<Lock>;
  /** Ends the callback with a value, or with an error. */
  readonly end: (value?: unknown) => void;
  readonly fail: (error: unknown) => void;
  /** What `request` returned. */
  readonly done: Promise<unknown>;
}

export function hold(locks: LockManager, name: string, options: RequestOptions = {}): Held {
  const granted = deferred<Lock>();
  const work = deferred<unknown>();
  const done = locks.request(name, options, (lock) => {
    assert(lock);
    granted.resolve(lock);
    return work.promise;
  });
  // Whoever is interested looks at it later.
  done.catch(() => {});
  return { granted: granted.promise, end: work.resolve, fail: work.reject, done };
}

/** `request` as JavaScript sees it, with any arguments at all. */
export function anyRequest(locks: LockManager, ...args: unknown[]): Promise<unknown> {
  return (locks.request as (...args: unknown[]) => Promise<unknown>).call(locks, ...args);
}

export function never(): never {
  throw new Error("this callback was not to be called");
}

/** A `DOMException` of that name, as `promise_rejects_dom` of the web platform tests wants it. */
export function domException(name: string): (error: unknown) => true {
  return (error) => {
    assert(error instanceof DOMException, `expected a DOMException, got ${String(error)}`);
    assert.equal(error.name, name);
    return true;
  };
}

/** Rejects with exactly this, which need not be an error. */
export async function rejectsExactly(promise: Promise<unknown>, reason: unknown): Promise<void> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  assert.deepEqual(Object.keys(outcome), ["error"], "it was to reject");
  assert.strictEqual("error" in outcome ? outcome.error : undefined, reason);
}
