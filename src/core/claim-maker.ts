import type { Claim, Waiting } from "./claim.ts";
import type { LockRequest } from "./lock-request.ts";
import type { ProcessIdentity } from "./world.ts";

const slowRoundMs = 500;

/** Makes the claims of one manager, each with an owner that never was before. */
export class ClaimMaker {
  readonly #clientId: string;
  readonly #process: ProcessIdentity;
  readonly #hasQueue: boolean;
  #count = 0;

  /**
   * @param hasQueue whether the backend keeps the place of one who waits: then it is told with the
   * first try.
   */
  constructor(clientId: string, process: ProcessIdentity, hasQueue: boolean) {
    this.#clientId = clientId;
    this.#process = process;
    this.#hasQueue = hasQueue;
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
    const waiting = this.#waiting(request);
    return waiting === undefined ? claim : { ...claim, waiting };
  }

  /** The same for all tries of a request; `undefined` for one whose claims do not carry it. */
  waitingId({ mode, number }: LockRequest): string | undefined {
    const isCarried = this.#hasQueue || mode === "exclusive";
    return isCarried ? `${this.#clientId}.request${number}` : undefined;
  }

  /** Two pauses and a slow round: the next try is there before it runs out. */
  #waiting(request: LockRequest): Waiting | undefined {
    const isWaiting = this.#hasQueue ? request.isPatient : request.isDecided;
    const id = isWaiting ? this.waitingId(request) : undefined;
    return id === undefined ? undefined : { id, forMs: 2 * request.longestPauseMs + slowRoundMs };
  }
}
