import type { Claim, Waiting } from "./claim.ts";
import type { LockRequest } from "./lock-request.ts";
import type { ProcessIdentity } from "./world.ts";

const slowRoundMs = 500;

/** Makes the claims of one manager, each with an owner that never was before. */
export class ClaimMaker {
  readonly #clientId: string;
  readonly #process: ProcessIdentity;
  #count = 0;

  constructor(clientId: string, process: ProcessIdentity) {
    this.#clientId = clientId;
    this.#process = process;
  }

  /** A claim for the next try of a request. */
  next(request: LockRequest): Claim {
    const claim: Claim = {
      resources: request.resources,
      mode: request.mode,
      owner: `${this.#clientId}.${(this.#count++).toString(36)}`,
      clientId: this.#clientId,
      process: this.#process,
      steal: request.steal,
      withdrawn: false,
      granted: false,
    };
    const isWaitingWriter = request.isDecided && request.mode === "exclusive";
    return isWaitingWriter ? { ...claim, waiting: this.#waiting(request) } : claim;
  }

  /** Two pauses and a slow round: the next try is there before it runs out. */
  #waiting({ number, longestPauseMs }: LockRequest): Waiting {
    const forMs = 2 * longestPauseMs + slowRoundMs;
    return { id: `${this.#clientId}.request${number}`, forMs };
  }
}
