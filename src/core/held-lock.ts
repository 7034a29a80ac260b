import type { Agenda, Appointment } from "./agenda.ts";
import type { Claim, Mode } from "./claim.ts";
import { LockLostError, QuorumError, type LossReason } from "./error.ts";
import type { Extension, LockBackend } from "./lock-backend.ts";
import type { Lock } from "./lock.ts";
import { checkedTtl } from "./option.ts";
import type { Vote } from "./vote.ts";

/** What a held lock needs from its surroundings. */
export interface LockKeeping {
  readonly backend: LockBackend;
  readonly agenda: Agenda;
  /** Called once, when the lock is no longer held: released or lost. */
  readonly onEnd: (lock: HeldLock) => void;
}

export interface Grant {
  readonly claim: Claim;
  readonly ttlMs: number;
  readonly validUntil: number;
  readonly renew: boolean;
}

/** Renewal starts when this part of the ttl has passed since the round that won it began. */
const renewalShare = 1 / 3;
/** After a renewal that found no quorum, the next one follows after this part of the ttl. */
const renewalRetryShare = 1 / 10;

/** One acquisition, from its grant to its end. */
export class HeldLock implements Lock {
  readonly name: string;
  readonly resources: readonly string[];
  readonly mode: Mode;
  readonly owner: string;
  readonly #keeping: LockKeeping;
  readonly #claim: Claim;
  readonly #renew: boolean;
  readonly #nextStep: Appointment;
  #state: "held" | "released" | "lost" = "held";
  #ttlMs: number;
  /** The longest ttl that any node may have been told: after so long it knows nothing of it. */
  #longestTtlMs: number;
  #validUntil: number;
  #renewAt: number;
  #extending: Promise<Extension> | undefined;
  #released: Promise<boolean> | undefined;
  #loss: LockLostError | undefined;
  #onLost: ((loss: LockLostError) => void) | undefined;
  #controller: AbortController | undefined;

  constructor(grant: Grant, keeping: LockKeeping) {
    this.#keeping = keeping;
    this.#claim = grant.claim;
    this.resources = grant.claim.resources;
    this.name = this.resources.join(", ");
    this.mode = grant.claim.mode;
    this.owner = grant.claim.owner;
    this.#renew = grant.renew;
    this.#ttlMs = grant.ttlMs;
    this.#longestTtlMs = grant.ttlMs;
    this.#validUntil = grant.validUntil;
    this.#renewAt = renewalTime(grant.validUntil, grant.ttlMs);
    this.#nextStep = keeping.agenda.prepare(() => this.#step());
    this.#schedule();
  }

  get held(): boolean {
    return this.remainingMs > 0;
  }

  get remainingMs(): number {
    return this.#state === "held" ? Math.max(0, this.#validUntil - this.#now()) : 0;
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
    const wanted = ttlMs === undefined ? undefined : checkedTtl(ttlMs);
    // One at a time, so that answers are judged in the order in which they were asked for.
    while (this.#extending !== undefined) await this.#extending;
    this.#throwIfOver();
    this.#ttlMs = wanted ?? this.#ttlMs;
    this.#longestTtlMs = Math.max(this.#longestTtlMs, this.#ttlMs);
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
    const released = this.#keeping.backend.release(this.#claim, this.#longestTtlMs);
    this.#end();
    this.#controller?.abort(this.#loss);
    this.#onLost?.(this.#loss);
    await released;
  }

  async #giveBack(): Promise<boolean> {
    this.#state = "released";
    const releasing = this.#keeping.backend.release(this.#claim, this.#longestTtlMs);
    this.#end();
    const { released, votes } = await releasing;
    if (released === "yes" || released === "unknown") return true;
    this.#loss = new LockLostError(this.resources, votes, lossReasons[released]);
    return false;
  }

  #now(): number {
    return this.#keeping.backend.world.clock.now();
  }

  #schedule(): void {
    const at = this.#renew ? Math.min(this.#renewAt, this.#validUntil) : this.#validUntil;
    this.#keeping.agenda.schedule(this.#nextStep, at);
  }

  #step(): void {
    if (this.#loseIfExpired()) return;
    if (this.#renew && this.#now() >= this.#renewAt) {
      this.#renewAt = Infinity;
      if (this.#extending === undefined) void this.#extendOnce();
    }
    this.#schedule();
  }

  #extendOnce(): Promise<Extension> {
    this.#extending = this.#runExtension();
    return this.#extending;
  }

  async #runExtension(): Promise<Extension> {
    const extension = await this.#keeping.backend.extend(this.#claim, this.#ttlMs);
    this.#extending = undefined;
    // An answer that comes after the validity was over proves nothing: it does not bring it back.
    if (this.#loseIfExpired(extension.votes) || this.#state === "released") return extension;
    if (extension.extended) {
      this.#validUntil = Math.max(this.#validUntil, extension.validUntil);
      this.#renewAt = renewalTime(extension.validUntil, this.#ttlMs);
    } else if (extension.why === "unreachable") {
      this.#renewAt = this.#now() + this.#ttlMs * renewalRetryShare;
    } else {
      void this.lose(lossReasons[extension.why], extension.votes);
      return extension;
    }
    this.#schedule();
    return extension;
  }

  /** Whether it is lost, be it just now. */
  #loseIfExpired(votes: readonly Vote[] = []): boolean {
    if (this.#state === "held" && this.#now() >= this.#validUntil) void this.lose("expired", votes);
    return this.#state === "lost";
  }

  #end(): void {
    this.#keeping.agenda.cancel(this.#nextStep);
    this.#keeping.onEnd(this);
  }

  #throwIfOver(): void {
    this.#loseIfExpired();
    if (this.#loss !== undefined) throw this.#loss;
    if (this.#state === "released") throw new LockLostError(this.resources, [], "released");
  }
}

const lossReasons = { missing: "forgotten", broken: "broken" } as const;

function renewalTime(validUntil: number, ttlMs: number): number {
  return validUntil - ttlMs * (1 - renewalShare);
}
