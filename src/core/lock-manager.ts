import { expected } from "./expectation.ts";
import { LockHeldError, QuorumError } from "./error.ts";
import type { Inspection } from "./inspection.ts";
import type { LockBackend } from "./lock-backend.ts";
import type { LockRequest } from "./lock-request.ts";
import type { Lock, LockInfo, LockManagerSnapshot } from "./lock.ts";
import {
  acquireSettings,
  managerSettings,
  type AcquireOptions,
  type ManagerOptions,
  type RequestOptions,
  type Settings,
  type TryAcquireOptions,
} from "./option.ts";
import { resourceList, resourceName } from "./resource.ts";
import { resultOf } from "./result.ts";
import { Scheduler } from "./scheduler.ts";
import { runWithLock } from "./web-grant.ts";
import { webRequest } from "./web-request.ts";

/** How many managers use a backend: the last one to be closed closes it. */
const usersOf = new WeakMap<LockBackend, number>();

/**
 * Locks across machines, in the shape of `navigator.locks` and as handles.
 *
 * Bad arguments reject with a `TypeError` or `RangeError` before anything is sent.
 */
export class LockManager implements AsyncDisposable {
  /** Tells this manager from all others; nodes keep it beside each lock. */
  readonly clientId: string;
  readonly #backend: LockBackend;
  readonly #defaults: Settings;
  readonly #scheduler: Scheduler;
  #closing: Promise<void> | undefined;

  /**
   * @param backend who grants: `redisQuorum(…)`, `memoryQuorum(…)`.
   * @param options defaults for every call that does not say otherwise, and what concerns all calls.
   */
  constructor(backend: LockBackend, options?: ManagerOptions) {
    if (typeof backend?.acquire !== "function") {
      throw new TypeError(expected("backend", "what redisQuorum(…) returns, or the like", backend));
    }
    const { defaults, maxConcurrentAttempts } = managerSettings(options, backend.ttlRange);
    this.#defaults = defaults;
    this.#backend = backend;
    this.clientId = backend.world.random.id();
    this.#scheduler = new Scheduler(backend, this.clientId, maxConcurrentAttempts);
    usersOf.set(backend, (usersOf.get(backend) ?? 0) + 1);
  }

  /**
   * Runs `callback` while the lock is held, and renews it meanwhile: `navigator.locks.request`.
   *
   * @returns what the callback returns, after the lock has been released.
   * @throws what the callback throws; `LockHeldError` when the wait was over; `QuorumError` when too
   *   few nodes answered; `LockLostError` when the callback is done but the lock was lost on the way;
   *   `AbortError` when somebody took it by `steal` or `forceRelease`; the signal's reason when it
   *   ended the wait; `NotSupportedError` for names that begin with `-` and for options that do not
   *   go together.
   */
  request<T>(name: string, callback: (lock: Lock) => T | PromiseLike<T>): Promise<T>;
  request<T>(
    name: string,
    options: RequestOptions & { readonly ifAvailable?: false | undefined },
    callback: (lock: Lock) => T | PromiseLike<T>,
  ): Promise<T>;
  request<T>(
    name: string,
    options: RequestOptions,
    callback: (lock: Lock | null) => T | PromiseLike<T>,
  ): Promise<T>;
  async request(...args: unknown[]): Promise<unknown> {
    this.#throwIfClosed();
    const wanted = webRequest<(lock: Lock | null) => unknown>(args, this.#defaults);
    const { name, steal, signal } = wanted;
    const settings = wanted.ifAvailable ? { ...wanted, waitMs: 0 } : wanted;
    const request = this.#scheduler.ask({ resources: [name], settings, steal });
    const lock = await resultOf(request, this.#scheduler, signal);
    if (lock !== null) return runWithLock(lock, wanted.callback);
    if (wanted.ifAvailable) return wanted.callback(null);
    throw this.#heldError(request);
  }

  /**
   * Waits for the lock.
   *
   * @param resource one, or several that are granted all together or not at all.
   * @throws {LockHeldError} when the wait was over.
   * @throws {QuorumError} when too few nodes answered.
   */
  async acquire(resource: string | readonly string[], options?: AcquireOptions): Promise<Lock> {
    this.#throwIfClosed();
    const resources = resourceList(resource);
    const settings = acquireSettings(options, this.#defaults, "acquire");
    settings.signal?.throwIfAborted();
    const request = this.#scheduler.ask({ resources, settings, steal: false });
    const lock = await resultOf(request, this.#scheduler, settings.signal);
    if (lock === null) throw this.#heldError(request);
    return lock;
  }

  /**
   * The lock if it is free now, else `null`: it does not wait, whatever `waitMs` the manager has.
   *
   * @throws {QuorumError} when too few nodes answered.
   */
  async tryAcquire(
    resource: string | readonly string[],
    options?: TryAcquireOptions,
  ): Promise<Lock | null> {
    this.#throwIfClosed();
    const resources = resourceList(resource);
    const settings = acquireSettings(options, this.#defaults, "tryAcquire");
    settings.signal?.throwIfAborted();
    const now = { ...settings, waitMs: 0 };
    const request = this.#scheduler.ask({ resources, settings: now, steal: false });
    return resultOf(request, this.#scheduler, settings.signal);
  }

  /** What this manager holds and waits for: `navigator.locks.query`. */
  async query(): Promise<LockManagerSnapshot> {
    await this.#scheduler.decided();
    const { clientId } = this;
    const info = (name: string, mode: LockInfo["mode"]): LockInfo => ({ name, mode, clientId });
    const { queue } = this.#scheduler;
    return {
      held: queue
        .held()
        .filter((lock) => lock.held)
        .map((lock) => info(lock.name, lock.mode)),
      pending: queue.waiting().map((request) => info(request.name, request.mode)),
    };
  }

  /** Asks the backend who holds a resource. Advisory: it may have changed when you read it. */
  async inspect(resource: string): Promise<Inspection> {
    this.#throwIfClosed();
    return this.#backend.inspect(resourceName(resource));
  }

  /**
   * Takes a resource from all who hold it, whoever they are. They may still be at work.
   *
   * @returns whether anybody held it.
   * @throws {QuorumError} when too few nodes answered for it to be in force.
   */
  async forceRelease(resource: string): Promise<boolean> {
    this.#throwIfClosed();
    const resources = [resourceName(resource)];
    // Those that come while it is on its way are not meant.
    const holders = this.#scheduler.queue.holders(resources);
    const { done, found, votes } = await this.#backend.forceRelease(resource);
    if (!done) throw new QuorumError("could not release", resources, votes, "unreachable");
    for (const lock of holders) void lock.lose("broken", votes);
    return found;
  }

  /**
   * Releases what it holds, rejects what waits with an `AbortError`, and closes the backend unless
   * another manager uses it. A second call gives the first one's promise.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { queue } = this.#scheduler;
    const reason = new DOMException("the lock manager was closed", "AbortError");
    for (const request of queue.waiting()) this.#scheduler.cancel(request, reason);
    await Promise.all(queue.held().map((lock) => lock.lose("closed")));
    const users = (usersOf.get(this.#backend) ?? 1) - 1;
    usersOf.set(this.#backend, users);
    if (users === 0) await this.#backend.close();
  }

  #heldError(request: LockRequest): LockHeldError {
    const waitedMs = this.#backend.world.clock.now() - request.askedAt;
    return new LockHeldError(request.resources, request.votes, waitedMs);
  }

  #throwIfClosed(): void {
    if (this.#closing !== undefined) throw new TypeError("this LockManager has been closed");
  }
}
