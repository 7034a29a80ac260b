import { Agenda } from "../core/agenda.ts";
import type { Claim } from "../core/claim.ts";
import { ConfigurationError } from "../core/error.ts";
import type { Inspection } from "../core/inspection.ts";
import type {
  Attempt,
  Extension,
  ForcedRelease,
  LockBackend,
  ReleaseOutcome,
} from "../core/lock-backend.ts";
import type { UnknownVote, Vote } from "../core/vote.ts";
import type { World } from "../core/world.ts";
import { summarize } from "./inspection.ts";
import type { LockNode } from "./lock-node.ts";
import { Releases } from "./releases.ts";
import { askAll, holdRound, voteOf, type Question, type RoundResult } from "./round.ts";
import { majority } from "./tally.ts";
import { minimumValidityMs, roundTimeoutMs, validUntil } from "./validity.ts";
import {
  forcedRelease,
  freeInMs,
  releaseOutcome,
  whyNotExtended,
  whyNotGranted,
} from "./verdict.ts";

export interface QuorumOptions {
  readonly world: World;
  /** For how long a round waits for nodes, in milliseconds; else a share of the ttl. */
  readonly roundTimeoutMs?: number | undefined;
}

/** For how long `inspect` and `forceRelease`, which have no ttl, wait for nodes. */
const inspectionTimeoutMs = 500;

/** Redlock: a backend made of N independent nodes. `docs/ALGORITHM.md` has its rules. */
export class QuorumBackend implements LockBackend {
  readonly world: World;
  readonly #nodes: readonly LockNode[];
  readonly #releases: Releases;
  readonly #quorum: number;
  readonly #deadlines: Agenda;
  readonly #roundTimeoutMs: number | undefined;
  #isOpen = false;
  #isClosed = false;

  constructor(nodes: readonly LockNode[], options: QuorumOptions) {
    this.world = options.world;
    this.#nodes = nodes;
    this.#quorum = majority(nodes.length);
    this.#deadlines = new Agenda(options.world.clock);
    this.#roundTimeoutMs = options.roundTimeoutMs;
    this.#releases = new Releases(nodes, this.world.clock);
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    if (!this.#isOpen) await this.#open(this.#timeoutFor(ttlMs));
    if (claim.withdrawn) return { granted: false, why: "held", votes: [] };
    const startedAt = this.world.clock.now();
    const { isWon, votes, latestVotes } = await this.#round(startedAt, ttlMs, {
      ask: (node) => node.acquire(claim, ttlMs),
      onUnknown: (node) => this.#releases.doubt(claim, node),
    });
    const until = validUntil(startedAt, ttlMs);
    const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);
    if (isWon && isInTime) return { granted: true, validUntil: until, votes };
    await this.#undo(claim, ttlMs, votes);
    return this.#explain(latestVotes(), claim.resources);
  }

  async extend(claim: Claim, ttlMs: number): Promise<Extension> {
    const startedAt = this.world.clock.now();
    const { isWon, votes } = await this.#round(startedAt, ttlMs, {
      ask: (node) => node.extend(claim, ttlMs),
    });
    if (isWon) return { extended: true, validUntil: validUntil(startedAt, ttlMs), votes };
    return { extended: false, why: whyNotExtended(votes, this.#quorum), votes };
  }

  async release(claim: Claim, ttlMs: number): Promise<ReleaseOutcome> {
    claim.withdrawn = true;
    const startedAt = this.world.clock.now();
    const question = this.#releases.of(claim, ttlMs);
    const { isWon, votes } = await this.#round(startedAt, ttlMs, question);
    return { released: releaseOutcome(isWon, votes, this.#quorum), votes };
  }

  async forceRelease(resource: string): Promise<ForcedRelease> {
    // Only those who hold it now are meant: what arrives late must not hit who comes after them.
    const { holders } = await this.inspect(resource);
    const owners = holders.map(({ owner }) => owner);
    const votes = await this.#askAll(this.#nodes, async (node) =>
      voteOf(node.id, await node.forceRelease(resource, owners)),
    );
    return forcedRelease(votes, this.#quorum, resource);
  }

  async inspect(resource: string): Promise<Inspection> {
    await this.#open(inspectionTimeoutMs);
    const reports = await this.#askAll(this.#nodes, (node) => node.inspect(resource));
    return summarize(resource, reports, this.#quorum);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isOpen = false;
    await this.#releases.close(inspectionTimeoutMs);
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  /**
   * First contact: what is wrong with a node from the start is told at once, not when it is needed.
   * Later a node that is unfit merely does not vote.
   */
  async #open(timeoutMs: number): Promise<void> {
    if (this.#isClosed) throw new TypeError("this backend has been closed");
    if (this.#isOpen) return;
    const problems: ConfigurationError[] = [];
    const open = async (node: LockNode): Promise<void> => {
      await node.open().catch((error: unknown) => {
        if (error instanceof ConfigurationError) problems.push(error);
      });
    };
    await askAll(this.#nodes, open, this.world.clock, timeoutMs);
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    this.#isOpen = true;
  }

  #round(startedAt: number, ttlMs: number, question: Question): Promise<RoundResult> {
    return holdRound(this.#nodes, question, {
      quorum: this.#quorum,
      deadlines: this.#deadlines,
      startedAt,
      timeoutMs: this.#timeoutFor(ttlMs),
    });
  }

  #askAll<A>(
    nodes: readonly LockNode[],
    ask: (node: LockNode) => Promise<A>,
  ): Promise<readonly (A | UnknownVote)[]> {
    const timeoutMs = this.#roundTimeoutMs ?? inspectionTimeoutMs;
    return askAll(nodes, ask, this.world.clock, timeoutMs);
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
    const { ask, onUnknown } = this.#releases.of(claim, ttlMs);
    const release = (node: LockNode): Promise<unknown> => ask(node).catch(() => onUnknown?.(node));
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
