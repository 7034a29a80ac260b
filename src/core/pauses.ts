import type { ClaimMaker } from "./claim-maker.ts";
import type { LockBackend, Subscription } from "./lock-backend.ts";
import type { LockRequest } from "./lock-request.ts";

/** The pauses of requests between two tries: how long they are, and what ends them early. */
export class Pauses {
  readonly #backend: LockBackend;
  readonly #claims: ClaimMaker;
  readonly #onOver: (request: LockRequest) => void;

  constructor(backend: LockBackend, claims: ClaimMaker, onOver: (request: LockRequest) => void) {
    this.#backend = backend;
    this.#claims = claims;
    this.#onOver = onOver;
  }

  /** Where the backend listens anyway, the watch begins before the first try: it misses nothing then. */
  prepare(request: LockRequest): void {
    const isWorthIt = this.#backend.isHearing === true && request.isPatient;
    if (isWorthIt) request.subscription ??= this.#watch(request);
  }

  /** The first one begins a watch, if the backend has one; it stays until the request is settled. */
  begin(request: LockRequest, atMostMs: number): void {
    const { clock, random } = this.#backend.world;
    request.state = "pausing";
    if (request.subscription === undefined) {
      request.subscription = this.#watch(request);
      // Nobody was watching during the first try: what was freed since then was told to nobody.
      request.isWoken ||= request.subscription?.isLive === true;
    }
    const { longestPauseMs } = request;
    const pauseMs = request.isWoken ? 0 : Math.min(random.next() * longestPauseMs, atMostMs);
    request.timer = clock.setTimer(pauseMs, () => this.#onOver(request), true);
  }

  #watch(request: LockRequest): Subscription | undefined {
    if (this.#claims.isRacing(request)) return undefined;
    const waitingId = this.#claims.waitingId(request);
    return this.#backend.watch?.(request.resources, () => this.#wake(request), waitingId);
  }

  #wake(request: LockRequest): void {
    request.isWoken = true;
    if (request.state !== "pausing") return;
    request.timer?.cancel();
    this.#onOver(request);
  }
}
