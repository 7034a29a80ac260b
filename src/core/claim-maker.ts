import type { Claim, Waiting } from "./claim.ts";
import type { LockRequest } from "./lock-request.ts";
import type { Standing } from "./request-queue.ts";
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

  /**
   * A claim for the next try of a request.
   *
   * Only the first of this manager takes a place in the queue: those who wait together are one for the nodes.
   */
  next(request: LockRequest, { isFirst, followerCount }: Standing): Claim {
    return {
      resources: request.resources,
      mode: request.mode,
      owner: `${this.#clientId}.${(this.#count++).toString(36)}`,
      clientId: this.#clientId,
      process: this.#process,
      steal: request.steal,
      waiting: this.#waiting(request, isFirst),
      isRacing: this.isRacing(request),
      followerCount,
      withdrawn: false,
      granted: false,
    };
  }

  /** The same for all tries of a request; `undefined` for one whose claims do not carry it. */
  waitingId(request: LockRequest): string | undefined {
    const isCarried = this.#standsInQueue(request) || request.mode === "exclusive";
    return isCarried ? `${this.#clientId}.request${request.number}` : undefined;
  }

  /**
   * A pause and a slow round: the next try is there before it runs out. Twice as long where it is a note
   * that nobody else counts on.
   */
  #waiting(request: LockRequest, isFirst: boolean): Waiting | undefined {
    const isWaiting = this.#standsInQueue(request) ? request.isPatient : request.isDecided;
    const id = isWaiting ? this.waitingId(request) : undefined;
    if (id === undefined) return undefined;
    request.waiting ??= { id, askedAt: request.askedAt, forMs: 0 };
    const pauses = this.#standsInQueue(request) ? 1 : 2;
    request.waiting.forMs = isFirst ? pauses * request.longestPauseMs + slowRoundMs : 0;
    return request.waiting;
  }

  /** Whether it minds no queue, though there is one. */
  isRacing({ settings }: LockRequest): boolean {
    return this.#hasQueue && !settings.fair;
  }

  #standsInQueue(request: LockRequest): boolean {
    return this.#hasQueue && !this.isRacing(request);
  }
}
