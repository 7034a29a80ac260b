import type { BackendPromises } from "../core/backend-promises.ts";
import type { Claim } from "../core/claim.ts";
import type { Inspection } from "../core/inspection.ts";
import type {
  Attempt,
  Extension,
  ForcedRelease,
  Grant,
  LockBackend,
  ReleaseOutcome,
  Subscription,
  TtlRange,
} from "../core/lock-backend.ts";
import type { World } from "../core/world.ts";
import { Contact } from "./contact.ts";
import { Listening } from "./listening.ts";
import { NotAsked, type LockNode } from "./lock-node.ts";
import { Releases } from "./releases.ts";
import { isOver, keepPlace, takePlace } from "./place.ts";
import { Relay } from "./relay.ts";
import { promisesOf } from "./promises.ts";
import { Overview } from "./overview.ts";
import type { Question } from "./question.ts";
import { Rounds } from "./rounds.ts";
import { resolved, type QuorumOptions } from "./settings.ts";
import { minimumValidityMs, validUntil } from "../core/validity.ts";
import {
  ballotToExceed,
  refusedAttempt,
  releaseOutcome,
  wantsAnotherBallot,
  whyNotExtended,
} from "./verdict.ts";

/** How often one try may propose another ballot, after the first one did not fit. */
const moreBallots = 2;

/** For how long `inspect` and `forceRelease`, which have no ttl, wait for nodes. */
const inspectionTimeoutMs = 500;

/** Redlock: a backend made of N independent nodes. `docs/ALGORITHM.md` has its rules. */
export class QuorumBackend implements LockBackend {
  readonly world: World;
  readonly ttlRange: TtlRange;
  readonly promises: BackendPromises;
  readonly #nodes: readonly LockNode[];
  readonly #releases: Releases;
  readonly #listening: Listening;
  readonly #quorum: number;
  readonly #clockMarginMs: number;
  readonly #contact: Contact;
  readonly #rounds: Rounds;
  readonly #relay: Relay;
  readonly #overview: Overview;

  constructor(nodes: readonly LockNode[], options: QuorumOptions) {
    this.world = options.world;
    this.#nodes = nodes;
    const settings = resolved(options, nodes.length);
    this.ttlRange = settings.ttlRange;
    this.#quorum = settings.terms.quorum;
    this.#clockMarginMs = settings.clockMarginMs;
    this.promises = promisesOf(settings);
    const { clock } = this.world;
    const { onEvent } = options;
    this.#contact = new Contact(nodes, { clock, settings, onEvent, lookMs: inspectionTimeoutMs });
    this.#relay = new Relay(clock);
    this.#releases = new Releases(nodes, this.#quorum, this.world.clock);
    this.#listening = new Listening(nodes, this.world, this.#quorum);
    const [contact, quorum, promises] = [this.#contact, this.#quorum, this.promises];
    const { roundTimeoutMs: timeoutMs } = options;
    this.#rounds = new Rounds(nodes, { clock, quorum, timeoutMs });
    const times = { contactMs: inspectionTimeoutMs, timeoutMs: timeoutMs ?? inspectionTimeoutMs };
    this.#overview = new Overview(nodes, { ...times, clock, contact, quorum, promises });
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    const taken = this.#relay.take(claim, ttlMs);
    if (taken !== undefined) return taken;
    if (!this.#contact.isMade) await this.#contact.make(inspectionTimeoutMs);
    if (claim.withdrawn) return { granted: false, why: "held", votes: [] };
    for (let ballotsLeft = moreBallots, above = 0; ; ballotsLeft--) {
      const isOnlyTry = ballotsLeft === moreBallots;
      const startedAt = this.world.clock.now();
      const ballot = this.#contact.ballots.propose(claim, above);
      this.#takePlace(claim, startedAt);
      const ask = (node: LockNode) => node.acquire(claim, ttlMs, ballot);
      const question = this.#question(claim, ask, isOnlyTry);
      const round = await this.#rounds.hold(startedAt, ttlMs, question);
      const { isWon, votes, tally } = round;
      const until = validUntil(startedAt, ttlMs, this.#clockMarginMs);
      const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);
      if (isWon && isInTime && !claim.withdrawn) {
        claim.granted = true;
        const won = { startedAt, ttlMs, validUntil: until, ballot, votes, tally };
        return this.#relay.begin(claim, won);
      }
      const isOnlyStale = ballotsLeft > 0 && !isWon && wantsAnotherBallot(votes, this.#quorum);
      if (isOnlyStale && !claim.withdrawn) {
        above = ballotToExceed(votes, this.#quorum, ballot);
        this.#releases.spareNone(claim);
        continue;
      }
      const timeoutMs = this.#rounds.timeoutFor(ttlMs);
      await this.#releases.undo(claim, { ttlMs, timeoutMs, votes, isOnlyTry });
      return refusedAttempt(round.latestVotes(), this.#quorum, claim.resources);
    }
  }

  extend(grant: Grant, ttlMs: number): Promise<Extension> {
    const startedAt = this.world.clock.now();
    const { claim, fencingToken } = this.#relay.knownAs(grant);
    const terms = { fencingToken, sentAtUs: this.#contact.ballots.nowToTheMs() };
    this.#releases.spareNone(claim);
    const question = this.#question(claim, (node) => node.extend(claim, ttlMs, terms), false);
    const round = this.#rounds.hold(startedAt, ttlMs, question);
    return round.then(({ isWon, votes, tally }): Extension => {
      if (isWon) {
        const until = validUntil(startedAt, ttlMs, this.#clockMarginMs);
        this.#relay.prolong(grant.claim, until);
        return { extended: true, validUntil: until, votes, tally };
      }
      const why = whyNotExtended(votes, this.#quorum);
      if (why !== "unreachable") this.#relay.break(claim.resources);
      return { extended: false, why, votes };
    });
  }

  release(given: Claim, ttlMs: number, next?: Claim): Promise<ReleaseOutcome> {
    if (isOver(given)) return Promise.resolve({ released: "missing", votes: [] });
    const giveBack = (): Promise<ReleaseOutcome> => this.#release(given, ttlMs, next);
    return this.#relay.offer(given, ttlMs, giveBack) ?? giveBack();
  }

  async #release(
    given: Claim,
    longestMs: number,
    next: Claim | undefined,
  ): Promise<ReleaseOutcome> {
    const { claim, ttlMs } = this.#relay.end(given, longestMs);
    given.withdrawn = claim.withdrawn = true;
    const startedAt = this.world.clock.now();
    if (next) this.#takePlace(keepPlace(next), startedAt);
    const question = this.#releases.of(claim, ttlMs, next);
    const { isWon, votes } = await this.#rounds.hold(startedAt, ttlMs, question);
    return { released: releaseOutcome(isWon, votes, this.#quorum), votes };
  }

  isAwaited(claim: Claim): boolean {
    const { claim: known } = this.#relay.knownAs({ claim, fencingToken: 0 });
    return known.isAwaited === true && !this.#relay.mayGoOn(claim);
  }

  forceRelease(resource: string): Promise<ForcedRelease> {
    this.#relay.break([resource]);
    return this.#overview.forceRelease(resource);
  }

  get isHearing(): boolean {
    return this.#listening.isLive;
  }

  watch(_: readonly string[], wake: () => void, waitingId = ""): Subscription {
    return this.#listening.watch(wake, waitingId);
  }

  inspect(resource: string): Promise<Inspection> {
    return this.#overview.inspect(resource);
  }

  async close(): Promise<void> {
    this.#contact.close();
    this.#listening.close();
    this.#relay.close();
    await this.#releases.close(inspectionTimeoutMs);
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  /** @param isFirst whether no node was asked for the claim before. */
  #question(claim: Claim, ask: Question["ask"], isFirst: boolean): Question {
    return {
      ask,
      onUnknown: (node, error) => {
        if (isFirst && error instanceof NotAsked) this.#releases.spare(claim, node);
        else this.#releases.doubt(claim, node);
      },
      onAnswer: (index, answer) => {
        if (answer.vote === "refused") keepPlace(claim);
        else if (answer.isAwaited === true) claim.isAwaited = true;
        this.#contact.learn(index, answer);
      },
    };
  }

  #takePlace(claim: Claim, now: number): void {
    const nodesNowUs = this.#contact.ballots.nowUs();
    takePlace(claim, { nodesNowUs, now, isHearing: this.isHearing });
  }
}
