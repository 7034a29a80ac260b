import type { LockRequest } from "./lock-request.ts";

/** How many tries a manager has under way, and whose turn it would be if there were fewer. */
export class Attempts {
  readonly #most: number;
  readonly #onTurn: (request: LockRequest) => void;
  readonly #line = new Set<LockRequest>();
  #count = 0;

  /** @param onTurn told of one that has left the line: it may be tried, if nothing else is in its way. */
  constructor(most: number, onTurn: (request: LockRequest) => void) {
    this.#most = most;
    this.#onTurn = onTurn;
  }

  get isFull(): boolean {
    return this.#count >= this.#most;
  }

  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    for (const first of this.#line) {
      if (this.isFull) return;
      this.#line.delete(first);
      first.state = "waiting";
      this.#onTurn(first);
    }
  }

  /** At the end of the line. */
  join(request: LockRequest): void {
    request.state = "next";
    this.#line.add(request);
  }

  leave(request: LockRequest): void {
    this.#line.delete(request);
  }
}
