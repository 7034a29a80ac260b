import type { Claim } from "./claim.ts";
import type { ClaimMaker } from "./claim-maker.ts";
import type { HeldLock } from "./held-lock.ts";
import type { LockBackend } from "./lock-backend.ts";
import type { LockRequest } from "./lock-request.ts";
import type { Pauses } from "./pauses.ts";
import type { RequestQueue } from "./request-queue.ts";

/**
 * Who of a manager comes after a lock that is released. Where others wait as well, a try at once would
 * mostly be refused: it takes its place in the queue with the release, and waits until it is told.
 */
export class Succession {
  readonly #backend: LockBackend;
  readonly #queue: RequestQueue;
  readonly #claims: ClaimMaker;
  readonly #pauses: Pauses;

  constructor(backend: LockBackend, queue: RequestQueue, claims: ClaimMaker, pauses: Pauses) {
    this.#backend = backend;
    this.#queue = queue;
    this.#claims = claims;
    this.#pauses = pauses;
  }

  /** The claim whose place is to be taken; its request waits to be told from now on. */
  next(lock: HeldLock): Claim | undefined {
    const [request] = lock.isAwaited ? this.#queue.candidates(lock.resources) : [];
    if (request === undefined || !this.#canFollow(request, lock)) return undefined;
    this.#pauses.prepare(request);
    if (request.subscription?.isLive !== true) return undefined;
    request.timer?.cancel();
    request.isDecided = true;
    request.claim = this.#claims.next(request, this.#queue.standingOf(request));
    this.#pauses.begin(request, Math.max(0, request.deadline - this.#backend.world.clock.now()));
    return request.claim;
  }

  #canFollow(request: LockRequest, { resources }: HeldLock): boolean {
    const isSame = request.name === resources.join(", ") && !request.steal;
    const isWaiting = request.state === "waiting" && request.isPatient;
    return isSame && isWaiting && !this.#claims.isRacing(request);
  }
}
