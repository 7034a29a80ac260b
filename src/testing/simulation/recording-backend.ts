import type { BackendPromises } from "../../core/backend-promises.ts";
import type { Claim } from "../../core/claim.ts";
import type { Inspection } from "../../core/inspection.ts";
import type {
  Attempt,
  Extension,
  ForcedRelease,
  Grant,
  LockBackend,
  ReleaseOutcome,
  Subscription,
  TtlRange,
} from "../../core/lock-backend.ts";
import type { World } from "../../core/world.ts";
import type { HistoryEvent } from "../history/event.ts";

export interface Recording {
  readonly client: string;
  readonly quorum: number;
  readonly note: (event: HistoryEvent) => void;
  /** True time. */
  readonly now: () => number;
  /** When the client's clock shows this, in true time. */
  readonly trueTimeOf: (reading: number) => number;
}

/** A backend that writes down what a manager asks of it and what comes of it. */
export class RecordingBackend implements LockBackend {
  readonly world: World;
  readonly ttlRange: TtlRange;
  readonly promises: BackendPromises;
  readonly #inner: LockBackend;
  readonly #recording: Recording;
  /** Until when each grant is good, by the client's clock. */
  readonly #validUntil = new Map<string, number>();

  constructor(inner: LockBackend, recording: Recording) {
    this.world = inner.world;
    this.ttlRange = inner.ttlRange;
    this.promises = inner.promises;
    this.#inner = inner;
    this.#recording = recording;
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    const { client, quorum, note, now, trueTimeOf } = this.#recording;
    const { owner: attempt, resources, mode } = claim;
    const startedAt = now();
    note({ type: "invoke", at: startedAt, attempt, client, resources, mode });
    const outcome = await this.#inner.acquire(claim, ttlMs);
    if (!outcome.granted || claim.withdrawn) {
      note({ type: "failed", at: now(), attempt });
      return outcome;
    }
    const { fencingToken, votes } = outcome;
    this.#validUntil.set(attempt, outcome.validUntil);
    const validUntil = trueTimeOf(outcome.validUntil);
    const count = votes.filter(({ vote }) => vote === "granted").length;
    const grant = { fencingToken, validUntil, votes: count, quorum, startedAt };
    const { wonBy, lastToken } = outcome;
    const askedAt = trueTimeOf(claim.waiting?.askedAt ?? this.world.clock.now());
    note({
      ...{ type: "granted", at: now(), attempt, ...grant },
      ...(wonBy !== undefined && { handedOn: { wonBy, askedAt } }),
      ...(lastToken !== undefined && { lastToken }),
    });
    return outcome;
  }

  async extend(grant: Grant, ttlMs: number): Promise<Extension> {
    const { note, now, trueTimeOf } = this.#recording;
    const { owner: attempt } = grant.claim;
    note({ type: "extending", at: now(), attempt });
    const outcome = await this.#inner.extend(grant, ttlMs);
    const known = this.#validUntil.get(attempt) ?? 0;
    // What comes after the validity was over does not count, nor what comes after the release.
    const isInTime = this.world.clock.now() < known && !grant.claim.withdrawn;
    if (outcome.extended && isInTime) {
      const until = Math.max(known, outcome.validUntil);
      this.#validUntil.set(attempt, until);
      note({ type: "extended", at: now(), attempt, validUntil: trueTimeOf(until) });
    }
    return outcome;
  }

  get isHearing(): boolean {
    return this.#inner.isHearing === true;
  }

  watch(resources: readonly string[], wake: () => void, waitingId?: string): Subscription {
    const deaf: Subscription = { isLive: false, stop: () => {} };
    return this.#inner.watch?.(resources, wake, waitingId) ?? deaf;
  }

  isAwaited(claim: Claim): boolean {
    return this.#inner.isAwaited?.(claim) === true;
  }

  release(claim: Claim, ttlMs: number, next?: Claim): Promise<ReleaseOutcome> {
    const { note, now } = this.#recording;
    if (!claim.withdrawn && claim.waiting?.forMs !== 0) {
      note({ type: "releasing", at: now(), attempt: claim.owner });
    }
    return this.#inner.release(claim, ttlMs, next);
  }

  forceRelease(resource: string): Promise<ForcedRelease> {
    return this.#inner.forceRelease(resource);
  }

  inspect(resource: string): Promise<Inspection> {
    return this.#inner.inspect(resource);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
