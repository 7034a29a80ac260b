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
import type { Vote } from "../core/vote.ts";
import type { World } from "../core/world.ts";
import { summarize } from "./inspection.ts";
import type { LockNode, NodeAnswer } from "./lock-node.ts";
import { OwedReleases } from "./owed-releases.ts";
import { askAll, holdRound, type RoundResult } from "./round.ts";
import { majority } from "./tally.ts";
import { defaultRoundTimeoutMs, minimumValidityMs, validUntil } from "./validity.ts";
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
  readonly #owed: ReadonlyMap<LockNode, OwedReleases>;
  readonly #quorum: number;
  readonly #roundTimeoutMs: number | undefined;
  /** The nodes on which the acquire of a claim may still be on its way, over a lost connection. */
  readonly #doubtful = new WeakMap<Claim, Set<LockNode>>();
  #isOpen = false;
  #isClosed = false;

  constructor(nodes: readonly LockNode[], options: QuorumOptions) {
    this.world = options.world;
    this.#nodes = nodes;
    this.#quorum = majority(nodes.length);
    this.#roundTimeoutMs = options.roundTimeoutMs;
    this.#owed = new Map(nodes.map((node) => [node, new OwedReleases(node, this.world.clock)]));
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    if (!this.#isOpen) await this.#open(this.#timeoutFor(ttlMs));
    if (claim.withdrawn) return { granted: false, why: "held", votes: [] };
    const startedAt = this.world.clock.now();
    const round = await this.#round(ttlMs, (node) => this.#acquireOn(node, claim, ttlMs));
    const { isWon, votes } = round;
    const until = validUntil(startedAt, ttlMs);
    const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);
    if (isWon && isInTime) return { granted: true, validUntil: until, votes };
    await this.#undo(claim, ttlMs, votes);
    if (isWon) return { granted: false, why: "late", votes };
    const why = whyNotGranted(votes, this.#quorum, claim.resources);
    const retryAfterMs = freeInMs(votes, this.#quorum);
    return { granted: false, why, votes, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  async extend(claim: Claim, ttlMs: number): Promise<Extension> {
    const startedAt = this.world.clock.now();
    const { isWon, votes } = await this.#round(ttlMs, (node) => node.extend(claim, ttlMs));
    if (isWon) return { extended: true, validUntil: validUntil(startedAt, ttlMs), votes };
    return { extended: false, why: whyNotExtended(votes, this.#quorum), votes };
  }

  async release(claim: Claim, ttlMs: number): Promise<ReleaseOutcome> {
    claim.withdrawn = true;
    const { isWon, votes } = await this.#round(ttlMs, (node) =>
      this.#releaseOn(node, claim, ttlMs),
    );
    return { released: releaseOutcome(isWon, votes, this.#quorum), votes };
  }

  async forceRelease(resource: string): Promise<ForcedRelease> {
    await this.#open(inspectionTimeoutMs);
    const ask = async (node: LockNode): Promise<Vote> => ({
      node: node.id,
      ...(await node.forceRelease(resource)),
    });
    const { clock } = this.world;
    const votes = await askAll(this.#nodes, ask, { clock, timeoutMs: this.#timeoutFor(undefined) });
    return forcedRelease(votes, this.#quorum, resource);
  }

  async inspect(resource: string): Promise<Inspection> {
    await this.#open(inspectionTimeoutMs);
    const reports = await askAll(this.#nodes, (node) => node.inspect(resource), {
      clock: this.world.clock,
      timeoutMs: this.#timeoutFor(undefined),
    });
    return summarize(resource, reports, this.#quorum);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isOpen = false;
    for (const owed of this.#owed.values()) owed.close();
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
    await askAll(this.#nodes, open, { clock: this.world.clock, timeoutMs });
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    this.#isOpen = true;
  }

  #round(ttlMs: number, ask: (node: LockNode) => Promise<NodeAnswer>): Promise<RoundResult> {
    const { clock } = this.world;
    const timeoutMs = this.#timeoutFor(ttlMs);
    return holdRound(this.#nodes, ask, { quorum: this.#quorum, clock, timeoutMs });
  }

  #acquireOn(node: LockNode, claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    const answer = node.acquire(claim, ttlMs);
    answer.catch(() => {
      const nodes = this.#doubtful.get(claim) ?? new Set();
      this.#doubtful.set(claim, nodes.add(node));
    });
    return answer;
  }

  #releaseOn(node: LockNode, claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    const isDoubtful = this.#doubtful.get(claim)?.has(node) ?? false;
    const answer = node.release(claim, isDoubtful ? ttlMs : 0);
    const until = this.world.clock.now() + ttlMs;
    answer.catch(() => this.#owed.get(node)?.owe(claim, until));
    return answer;
  }

  /**
   * After a try that failed: releases everywhere, behind the acquires. Waits for the nodes that
   * answered, so that the next try, of whomever, finds them free.
   */
  async #undo(claim: Claim, ttlMs: number, votes: readonly Vote[]): Promise<void> {
    if (claim.withdrawn) return;
    claim.withdrawn = true;
    const release = (node: LockNode): Promise<NodeAnswer> => this.#releaseOn(node, claim, ttlMs);
    const rules = { clock: this.world.clock, timeoutMs: this.#timeoutFor(ttlMs) };
    const isSilent = (_: LockNode, index: number): boolean => votes[index]?.vote === "unknown";
    void askAll(this.#nodes.filter(isSilent), release, rules);
    await askAll(
      this.#nodes.filter((node, index) => !isSilent(node, index)),
      release,
      rules,
    );
  }

  #timeoutFor(ttlMs: number | undefined): number {
    if (this.#roundTimeoutMs !== undefined) return this.#roundTimeoutMs;
    return ttlMs === undefined ? inspectionTimeoutMs : defaultRoundTimeoutMs(ttlMs);
  }
}
