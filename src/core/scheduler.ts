import { Agenda } from "./agenda.ts";
import { Attempts } from "./attempts.ts";
import type { Claim } from "./claim.ts";
import { ClaimMaker } from "./claim-maker.ts";
import { deferred, type Deferred } from "./deferred.ts";
import { QuorumError } from "./error.ts";
import { giveBack, withdrawNote } from "./giving-back.ts";
import { HeldLock, type LockKeeping } from "./held-lock.ts";
import type { Attempt, LockBackend } from "./lock-backend.ts";
import { LockRequest, type Wish } from "./lock-request.ts";
import { longestTimerMs } from "./patient-timer.ts";
import { Pauses } from "./pauses.ts";
import { RenewalGrid } from "./renewal-grid.ts";
import { RequestQueue } from "./request-queue.ts";
import { Succession } from "./succession.ts";

/**
 * Brings wishes to the backend in their order, tries again while their time lasts, and keeps the
 * locks that came of it.
 */
export class Scheduler {
  readonly queue: RequestQueue = new RequestQueue();
  readonly #backend: LockBackend;
  readonly #claims: ClaimMaker;
  /** The same for all locks. */
  readonly #keeping: LockKeeping;
  readonly #pauses: Pauses;
  readonly #attempts: Attempts;
  #count = 0;
  #nextDecision: Deferred<void> | undefined;

  constructor(backend: LockBackend, clientId: string, maxConcurrentAttempts: number) {
    this.#backend = backend;
    this.#attempts = new Attempts(maxConcurrentAttempts, (next) => this.#consider(next));
    const { clock, process } = backend.world;
    this.#claims = new ClaimMaker(clientId, process, backend.promises.fairness === "queue");
    this.#pauses = new Pauses(backend, this.#claims, (request) => this.#toWaiting(request));
    const succession = new Succession(backend, this.queue, this.#claims, this.#pauses);
    const times = { clock, agenda: new Agenda(clock), renewals: new RenewalGrid() };
    const next = (lock: HeldLock): Claim | undefined => succession.next(lock);
    this.#keeping = { backend, times, next, onEnd: (lock) => this.#onEnd(lock) };
  }

  ask(wish: Wish): LockRequest {
    const request = new LockRequest(wish, this.#count++, this.#now());
    this.queue.join(request);
    this.#toWaiting(request);
    return request;
  }

  /** Takes it back, unless it is settled. A try under way is undone behind itself. */
  cancel(request: LockRequest, reason: unknown): void {
    if (request.state === "settled") return;
    const { state, claim, settings } = request;
    if (state === "trying" && claim) void giveBack(this.#backend, claim, settings.ttlMs);
    this.#fail(request, reason);
  }

  /** Resolves when every request made until now has been granted or has been told to wait. */
  async decided(): Promise<void> {
    const count = this.#count;
    const isOpen = (request: LockRequest): boolean =>
      request.number < count && !request.isDecided && this.#isUnderWay(request);
    while (this.queue.waiting().some(isOpen)) {
      this.#nextDecision ??= deferred();
      await this.#nextDecision.promise;
    }
  }

  #isUnderWay(request: LockRequest): boolean {
    const { state } = request;
    return state === "trying" || state === "next" || this.queue.verdict(request) === "wait";
  }

  #consider(request: LockRequest): void {
    if (request.state !== "waiting") return;
    const verdict = this.queue.verdict(request);
    if (verdict === "go" && this.#attempts.isFull) this.#attempts.join(request);
    else if (verdict === "go") this.#try(request);
    else if (verdict === "blocked" && !request.isPatient) this.#giveUp(request);
  }

  #advance(resources: readonly string[]): void {
    for (const request of this.queue.candidates(resources)) this.#consider(request);
  }

  #try(request: LockRequest): void {
    this.#attempts.begin();
    request.timer?.cancel();
    request.state = "trying";
    request.isWoken = false;
    this.#pauses.prepare(request);
    const claim = this.#claims.next(request, this.queue.standingOf(request));
    request.claim = claim;
    this.#backend.acquire(claim, request.settings.ttlMs).then(
      (attempt) => this.#conclude(request, claim, attempt),
      (error: unknown) => this.#conclude(request, claim, undefined, error),
    );
  }

  #conclude(request: LockRequest, claim: Claim, attempt?: Attempt, error?: unknown): void {
    if (attempt === undefined) this.#fail(request, error);
    else if (request.state !== "settled") this.#judge(request, claim, attempt);
    this.#attempts.end();
  }

  #judge(request: LockRequest, claim: Claim, attempt: Attempt): void {
    request.isDecided = true;
    request.votes = attempt.votes;
    if (!attempt.granted) this.#tryLater(request, attempt);
    else if (this.queue.isOvertaking(request)) this.#stepBack(request, claim);
    else this.#grant(request, claim, attempt);
    this.#announceDecision();
  }

  #grant(request: LockRequest, claim: Claim, attempt: Attempt & { granted: true }): void {
    const { resources, steal, settings } = request;
    const { ttlMs, renew } = settings;
    const broken = steal ? this.queue.holders(resources) : [];
    const lock = new HeldLock(claim, attempt, { ttlMs, renew }, this.#keeping);
    this.queue.hold(lock);
    for (const other of broken) void other.lose("broken");
    request.result.resolve(lock);
    this.#settle(request);
  }

  /** It was granted, but somebody who asked earlier was not: the order counts. */
  #stepBack(request: LockRequest, claim: Claim): void {
    void giveBack(this.#backend, claim, request.settings.ttlMs);
    this.#toWaiting(request);
    this.#advance(request.resources);
  }

  #onEnd(lock: HeldLock): void {
    this.queue.drop(lock);
    this.#advance(lock.resources);
  }

  #tryLater(request: LockRequest, attempt: Attempt & { granted: false }): void {
    const leftMs = request.deadline - this.#now();
    if (attempt.why === "unreachable" || (attempt.why === "late" && leftMs <= 0)) {
      const { resources, votes } = request;
      const error = new QuorumError("could not acquire", resources, votes, attempt.why);
      this.#fail(request, error);
    } else if (leftMs <= 0) {
      this.#giveUp(request);
    } else {
      this.#pauses.begin(request, Math.min(leftMs, attempt.retryAfterMs ?? Infinity));
      this.#advance(request.resources);
    }
  }

  #toWaiting(request: LockRequest): void {
    request.state = "waiting";
    this.#consider(request);
    if (request.state === "waiting" || request.state === "next") this.#park(request);
  }

  /** It waits for somebody in this manager, or for its turn, until its time is over. */
  #park(request: LockRequest): void {
    const leftMs = request.deadline - this.#now();
    // Who has no time at all waits for nothing but the answer to a try that is under way.
    if (!request.isPatient || leftMs > longestTimerMs) return;
    const { clock } = this.#backend.world;
    request.timer = clock.setTimer(Math.max(0, leftMs), () => this.#giveUp(request), true);
  }

  #giveUp(request: LockRequest): void {
    withdrawNote(this.#backend, request.claim, request.settings.ttlMs);
    request.result.resolve(null);
    this.#settle(request);
  }

  #fail(request: LockRequest, error: unknown): void {
    withdrawNote(this.#backend, request.claim, request.settings.ttlMs);
    request.result.reject(error);
    this.#settle(request);
  }

  #settle(request: LockRequest): void {
    if (request.state === "settled") return;
    request.state = "settled";
    request.timer?.cancel();
    request.subscription?.stop();
    this.#attempts.leave(request);
    this.queue.leave(request);
    this.#advance(request.resources);
    this.#announceDecision();
  }

  #announceDecision(): void {
    this.#nextDecision?.resolve();
    this.#nextDecision = undefined;
  }

  #now(): number {
    return this.#backend.world.clock.now();
  }
}
