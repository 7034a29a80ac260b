import type { LockBackend } from "./lock-backend.ts";
import type { LockRequest } from "./lock-request.ts";

/** The pauses of requests between two tries: how long they are, and what ends them early. */
export class Pauses {
  readonly #backend: LockBackend;
  readonly #onOver: (request: LockRequest) => void;

  constructor(backend: LockBackend, onOver: (request: LockRequest) => void) {
    this.#backend = backend;
    this.#onOver = onOver;
  }

  /** The first one begins a watch, if the backend has one; it stays until the request is settled. */
  begin(request: LockRequest, atMostMs: number): void {
    const { clock, random } = this.#backend.world;
    request.state = "pausing";
    // Nobody was watching during the first try: a release since then was told to nobody.
    const { longestPauseMs } = request;
    request.subscription ??= this.#backend.watch?.(request.resources, () => this.#wake(request));
    const pauseMs = request.isWoken ? 0 : Math.min(random.next() * longestPauseMs, atMostMs);
    request.timer = clock.setTimer(pauseMs, () => this.#onOver(request), true);
  }

  #wake(request: LockRequest): void {
    request.isWoken = true;
    if (request.state !== "pausing") return;
    request.timer?.cancel();
    this.#onOver(request);
  }
}
