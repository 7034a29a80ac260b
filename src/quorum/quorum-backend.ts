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
  TtlRange,
} from "../core/lock-backend.ts";
import type { UnknownVote, Vote } from "../core/vote.ts";
import type { World } from "../core/world.ts";
import { Contact } from "./contact.ts";
import { summarize } from "./inspection.ts";
import type { LockNode } from "./lock-node.ts";
import { Releases } from "./releases.ts";
import { promisesOf } from "./promises.ts";
import { askAll, holdRound, voteOf, type Question, type RoundResult } from "./round.ts";
import type { NodeEvent } from "./roster.ts";
import { resolved, type QuorumSettings } from "./settings.ts";
import { minimumValidityMs, roundTimeoutMs, validUntil } from "../core/validity.ts";
import {
  ballotToExceed,
  forcedRelease,
  freeInMs,
  releaseOutcome,
  wantsAnotherBallot,
  whyNotExtended,
  whyNotGranted,
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
  readonly #quorum: number;
  readonly #clockMarginMs: number;
  readonly #contact: Contact;
  readonly #deadlines: Agenda;
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
    this.#deadlines = new Agenda(options.world.clock);
    this.#roundTimeoutMs = options.roundTimeoutMs;
    this.#releases = new Releases(nodes, this.world.clock);
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    if (!this.#contact.isMade) await this.#contact.make(inspectionTimeoutMs);
    if (claim.withdrawn) return { granted: false, why: "held", votes: [] };
    for (let ballotsLeft = moreBallots, above = 0; ; ballotsLeft--) {
      const startedAt = this.world.clock.now();
      const ballot = this.#contact.ballots.propose(above);
      const { isWon, votes, latestVotes, grantedCount } = await this.#round(startedAt, ttlMs, {
        ask: (node) => node.acquire(claim, ttlMs, ballot),
        onUnknown: (node) => this.#releases.doubt(claim, node),
        onAnswer: (index, answer) => this.#contact.learn(index, answer),
      });
      const until = validUntil(startedAt, ttlMs, this.#clockMarginMs);
      const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);
      if (isWon && isInTime && !claim.withdrawn) {
        claim.granted = true;
        return { granted: true, validUntil: until, fencingToken: ballot, votes, grantedCount };
      }
      const isOnlyStale = ballotsLeft > 0 && !isWon && wantsAnotherBallot(votes, this.#quorum);
      if (isOnlyStale && !claim.withdrawn) {
        above = ballotToExceed(votes, this.#quorum, ballot);
        continue;
      }
      await this.#undo(claim, ttlMs, votes);
      return this.#explain(latestVotes(), claim.resources);
    }
  }

  extend({ claim, fencingToken }: Grant, ttlMs: number): Promise<Extension> {
    const startedAt = this.world.clock.now();
    const terms = { fencingToken, sentAtUs: this.#contact.ballots.nowUs() };
    const round = this.#round(startedAt, ttlMs, {
      ask: (node) => node.extend(claim, ttlMs, terms),
      onUnknown: (node) => this.#releases.doubt(claim, node),
      onAnswer: (index, answer) => this.#contact.learn(index, answer),
    });
    return round.then(({ isWon, votes, grantedCount }): Extension => {
      if (isWon) {
        const until = validUntil(startedAt, ttlMs, this.#clockMarginMs);
        return { extended: true, validUntil: until, votes, grantedCount };
      }
      return { extended: false, why: whyNotExtended(votes, this.#quorum), votes };
    });
  }

  release(claim: Claim, ttlMs: number): Promise<ReleaseOutcome> {
    claim.withdrawn = true;
    const startedAt = this.world.clock.now();
    const round = this.#round(startedAt, ttlMs, this.#releases.of(claim, ttlMs));
    return round.then(({ isWon, votes }) => {
      return { released: releaseOutcome(isWon, votes, this.#quorum), votes };
    });
  }

  async forceRelease(resource: string): Promise<ForcedRelease> {
    // Only those who hold it now are meant: what arrives late must not hit who comes after them.
    const { holders } = await this.inspect(resource);
    const owners = holders.map(({ owner }) => owner);
    const votes = await this.#askAll(async (node) =>
      voteOf(node.id, await node.forceRelease(resource, owners)),
    );
    return forcedRelease(votes, this.#quorum, resource);
  }

  async inspect(resource: string): Promise<Inspection> {
    await this.#contact.make(inspectionTimeoutMs);
    const reports = await this.#askAll((node) => node.inspect(resource));
    return { ...summarize(resource, reports, this.#quorum), promises: this.promises };
  }

  async close(): Promise<void> {
    this.#contact.close();
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

  #askAll<A>(ask: (node: LockNode) => Promise<A>): Promise<readonly (A | UnknownVote)[]> {
    const timeoutMs = this.#roundTimeoutMs ?? inspectionTimeoutMs;
    return askAll(this.#nodes, { ask }, this.world.clock, timeoutMs);
  }

  #explain(votes: readonly Vote[], resources: readonly string[]): Attempt {
    const why = whyNotGranted(votes, this.#quorum, resources);
    const retryAfterMs = freeInMs(votes, this.#quorum);
    return { granted: false, why, votes, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  /**
   * After a try that failed: releases everywhere, behind the acquires. Waits for the nodes that
   * answered, so that the next try, of whomever, finds them free.
   */
  async #undo(claim: Claim, ttlMs: number, votes: readonly Vote[]): Promise<void> {
    if (claim.withdrawn) return;
    claim.withdrawn = true;
    const { clock } = this.world;
    const release = this.#releases.of(claim, ttlMs);
    const timeoutMs = this.#timeoutFor(ttlMs);
    const isSilent = (_: LockNode, index: number): boolean => votes[index]?.vote === "unknown";
    const answering = this.#nodes.filter((node, index) => !isSilent(node, index));
    void askAll(this.#nodes.filter(isSilent), release, clock, timeoutMs);
    await askAll(answering, release, clock, timeoutMs);
  }

  #timeoutFor(ttlMs: number): number {
    return roundTimeoutMs(ttlMs, this.#roundTimeoutMs);
  }
}
