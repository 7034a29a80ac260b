import { Agenda } from "../core/agenda.ts";
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
import type { LockNode } from "./lock-node.ts";
import { Releases } from "./releases.ts";
import { isOver, keepPlace, takePlace } from "./place.ts";
import { Relay } from "./relay.ts";
import { promisesOf } from "./promises.ts";
import { Overview } from "./overview.ts";
import type { Question } from "./question.ts";
import { holdRound, type RoundResult } from "./round.ts";
import type { NodeEvent } from "./roster.ts";
import { resolved, type QuorumSettings } from "./settings.ts";
import { minimumValidityMs, roundTimeoutMs, validUntil } from "../core/validity.ts";
import {
  ballotToExceed,
  refusedAttempt,
  releaseOutcome,
  wantsAnotherBallot,
  whyNotExtended,
} from "./verdict.ts";

export interface QuorumOptions extends QuorumSettings {
  readonly world: World;
  /** For how long a round waits for nodes, in milliseconds; else a share of the ttl. */
  readonly roundTimeoutMs?: number | undefined;
  /** Told when a node is founded or has to wait; must not throw. */
  readonly onEvent?: ((event: NodeEvent) => void) | undefined;
}

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
  readonly #deadlines: Agenda;
  readonly #relay: Relay;
  readonly #overview: Overview;
  readonly #roundTimeoutMs: number | undefined;

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
    this.#deadlines = new Agenda(clock);
    this.#relay = new Relay(clock);
    this.#roundTimeoutMs = options.roundTimeoutMs;
    this.#releases = new Releases(nodes, this.#quorum, this.world.clock);
    this.#listening = new Listening(nodes, this.world, this.#quorum);
    const [contact, quorum, promises] = [this.#contact, this.#quorum, this.promises];
    const timeoutMs = options.roundTimeoutMs ?? inspectionTimeoutMs;
    const times = { clock, contactMs: inspectionTimeoutMs, timeoutMs };
    this.#overview = new Overview(nodes, { ...times, contact, quorum, promises });
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    const taken = this.#relay.take(claim, ttlMs);
    if (taken !== undefined) return taken;
    if (!this.#contact.isMade) await this.#contact.make(inspectionTimeoutMs);
    if (claim.withdrawn) return { granted: false, why: "held", votes: [] };
    for (let ballotsLeft = moreBallots, above = 0; ; ballotsLeft--) {
      const startedAt = this.world.clock.now();
      const ballot = this.#contact.ballots.propose(claim, above);
      this.#takePlace(claim, startedAt);
      const round = await this.#round(startedAt, ttlMs, {
        ask: (node) => node.acquire(claim, ttlMs, ballot),
        onUnknown: (node) => this.#releases.doubt(claim, node),
        onAnswer: (index, answer) => {
          if (answer.vote === "refused") keepPlace(claim);
          else if (answer.isAwaited === true) claim.isAwaited = true;
          this.#contact.learn(index, answer);
        },
      });
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
        continue;
      }
      const [timeoutMs, isOnlyTry] = [this.#timeoutFor(ttlMs), ballotsLeft === moreBallots];
      await this.#releases.undo(claim, { ttlMs, timeoutMs, votes, isOnlyTry });
      return refusedAttempt(round.latestVotes(), this.#quorum, claim.resources);
    }
  }

  extend(grant: Grant, ttlMs: number): Promise<Extension> {
    const startedAt = this.world.clock.now();
    const { claim, fencingToken } = this.#relay.knownAs(grant);
    const terms = { fencingToken, sentAtUs: this.#contact.ballots.nowToTheMs() };
    const round = this.#round(startedAt, ttlMs, {
      ask: (node) => node.extend(claim, ttlMs, terms),
      onUnknown: (node) => this.#releases.doubt(claim, node),
      onAnswer: (index, answer) => this.#contact.learn(index, answer),
    });
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

  async release(given: Claim, ttlMs: number, next?: Claim): Promise<ReleaseOutcome> {
    if (isOver(given)) return { released: "missing", votes: [] };
    if (this.#relay.mayGoOn(given) && (await this.#relay.offer(given)))
      return { released: "yes", votes: [] };
    const claim = this.#relay.end(given);
    given.withdrawn = claim.withdrawn = true;
    const startedAt = this.world.clock.now();
    if (next) this.#takePlace(keepPlace(next), startedAt);
    const question = this.#releases.of(claim, ttlMs, next);
    const { isWon, votes } = await this.#round(startedAt, ttlMs, question);
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
    await this.#releases.close(inspectionTimeoutMs);
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  #round(startedAt: number, ttlMs: number, question: Question): Promise<RoundResult> {
    return holdRound(this.#nodes, question, {
      quorum: this.#quorum,
      deadlines: this.#deadlines,
      startedAt,
      timeoutMs: this.#timeoutFor(ttlMs),
    });
  }

  #takePlace(claim: Claim, now: number): void {
    const nodesNowUs = this.#contact.ballots.nowUs();
    takePlace(claim, { nodesNowUs, now, isHearing: this.isHearing });
  }

  #timeoutFor(ttlMs: number): number {
    return roundTimeoutMs(ttlMs, this.#roundTimeoutMs);
  }
}
