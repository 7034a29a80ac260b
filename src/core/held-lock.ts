import type { Claim, Mode } from "./claim.ts";
import { LockLostError, QuorumError, type LossReason } from "./error.ts";
import { failure, giveBack } from "./giving-back.ts";
import { Lease, type LeaseHolder, type LeaseTimes, type Renewal } from "./lease.ts";
import type { Attempt, Extension, Grant, GrantTally, LockBackend } from "./lock-backend.ts";
import type { Lock } from "./lock.ts";
import { checkedTtl } from "./option.ts";
import type { Vote } from "./vote.ts";

/** What a held lock needs from its surroundings. */
export interface LockKeeping {
  readonly backend: LockBackend;
  readonly times: LeaseTimes;
  /** Who of this manager takes its place in the queue with the release. */
  readonly next: (lock: HeldLock) => Claim | undefined;
  /** Called once, when the lock is no longer held: released or lost. */
  readonly onEnd: (lock: HeldLock) => void;
}

type Granted = Attempt & { readonly granted: true };

const noVotes: readonly Vote[] = [];

const lossReasons = { missing: "forgotten", broken: "broken" } as const;

/** One acquisition, from its grant to its end. */
export class HeldLock implements Lock, LeaseHolder {
  readonly name: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
  readonly owner: string;
  readonly fencingToken: number;
  readonly #keeping: LockKeeping;
  readonly #grant: Grant;
  readonly #lease: Lease;
  #state: "held" | "released" | "lost" = "held";
  #extending: Promise<Extension> | undefined;
  #released: Promise<boolean> | undefined;
  #loss: LockLostError | undefined;
  #onLost: ((loss: LockLostError) => void) | undefined;
  #controller: AbortController | undefined;
  #tally: GrantTally;
  /** What the nodes said to the last extension that came to nothing. */
  #failedVotes: readonly Vote[] = noVotes;

  constructor(claim: Claim, attempt: Granted, renewal: Renewal, keeping: LockKeeping) {
    const { fencingToken, validUntil } = attempt;
    this.#keeping = keeping;
    this.#grant = { claim, fencingToken };
    this.#tally = attempt.tally;
    this.fencingToken = fencingToken;
    this.name = claim.resources.join(", ");
    ({ resources: this.resources, mode: this.mode, owner: this.owner } = claim);
    this.#lease = new Lease({ validUntil, ...renewal }, keeping.times, this);
  }

  get held(): boolean {
    return this.remainingMs > 0;
  }

  get remainingMs(): number {
    return this.#state === "held" ? this.#lease.remainingMs : 0;
  }

  get votes(): number {
    return this.#tally.grantedCount;
  }

  get signal(): AbortSignal {
    this.#loseIfExpired();
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#loss !== undefined) this.#controller.abort(this.#loss);
    }
    return this.#controller.signal;
  }

  async extend(ttlMs?: number): Promise<void> {
    const wanted =
      ttlMs === undefined ? undefined : checkedTtl(ttlMs, this.#keeping.backend.ttlRange);
    // One at a time, so that answers are judged in the order in which they were asked for.
    while (this.#extending !== undefined) await this.#extending;
    this.#throwIfOver();
    this.#lease.useTtl(wanted ?? this.#lease.ttlMs);
    const extension = await this.#extendOnce();
    this.#throwIfOver();
    if (extension.extended) return;
    throw new QuorumError("could not extend", this.resources, extension.votes, "unreachable");
  }

  release(): Promise<boolean> {
    this.#loseIfExpired();
    this.#released ??= this.#state === "held" ? this.#giveBack() : Promise.resolve(false);
    return this.#released;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** Whether others wait for it, as far as is known: whoever comes next has to join the queue. */
  get isAwaited(): boolean {
    return this.#keeping.backend.isAwaited?.(this.#grant.claim) === true;
  }

  /** The error with which it was lost, if it was. */
  get loss(): LockLostError | undefined {
    return this.#loss;
  }

  /** Calls back when it is lost. For one listener: the request that the lock was granted to. */
  whenLost(listener: (loss: LockLostError) => void): void {
    this.#onLost = listener;
  }

  /**
   * Ends it from outside or by the clock.
   *
   * @returns resolves when what it still had on the nodes is given back, as far as they answer.
   */
  async lose(reason: LossReason, votes: readonly Vote[] = []): Promise<void> {
    if (this.#state !== "held") return;
    this.#state = "lost";
    this.#loss = new LockLostError(this.resources, votes, reason);
    // The releases go out before anybody is told, so that the next one finds the nodes free.
    const released = giveBack(this.#keeping.backend, this.#grant.claim, this.#lease.longestTtlMs);
    this.#end();
    this.#controller?.abort(this.#loss);
    this.#onLost?.(this.#loss);
    await released;
  }

  async #giveBack(): Promise<boolean> {
    this.#state = "released";
    const [{ backend, next }, { longestTtlMs }] = [this.#keeping, this.#lease];
    const releasing = giveBack(backend, this.#grant.claim, longestTtlMs, next(this));
    this.#end();
    const { released, votes } = await releasing;
    const isMissed = released === "missing" || released === "broken";
    if (isMissed) this.#loss = new LockLostError(this.resources, votes, lossReasons[released]);
    return !isMissed;
  }

  /** By its lease. */
  renew(): void {
    if (this.#extending === undefined) void this.#extendOnce();
  }

  /** By its lease. */
  expire(): void {
    void this.lose("expired", this.#failedVotes);
  }

  #extendOnce(): Promise<Extension> {
    const { backend } = this.#keeping;
    this.#extending = backend.extend(this.#grant, this.#lease.ttlMs).then(
      (extension) => this.#onExtension(extension),
      (error: unknown) => {
        const votes = [failure(error)];
        return this.#onExtension({ extended: false, why: "unreachable", votes });
      },
    );
    return this.#extending;
  }

  #onExtension(extension: Extension): Extension {
    this.#extending = undefined;
    this.#failedVotes = extension.extended ? noVotes : extension.votes;
    // An answer that comes after the validity was over proves nothing: it does not bring it back.
    if (this.#loseIfExpired(extension.votes) || this.#state === "released") return extension;
    if (extension.extended) {
      this.#tally = extension.tally;
      this.#lease.prolong(extension.validUntil);
    } else if (extension.why === "unreachable") this.#lease.retrySoon();
    else void this.lose(lossReasons[extension.why], extension.votes);
    return extension;
  }

  /** Whether it is lost, be it just now. */
  #loseIfExpired(votes?: readonly Vote[]): boolean {
    if (this.#state === "held" && this.#lease.isOver)
      void this.lose("expired", votes ?? this.#failedVotes);
    return this.#state === "lost";
  }

  #end(): void {
    this.#lease.end();
    this.#keeping.onEnd(this);
  }

  #throwIfOver(): void {
    this.#loseIfExpired();
    if (this.#loss !== undefined) throw this.#loss;
    if (this.#state === "released") throw new LockLostError(this.resources, [], "released");
  }
}
