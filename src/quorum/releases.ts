import type { Claim } from "../core/claim.ts";
import { deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Vote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import type { LockNode } from "./lock-node.ts";
import { OwedReleases } from "./owed-releases.ts";
import { askAll, type Question } from "./question.ts";

export interface Undoing {
  readonly ttlMs: number;
  readonly timeoutMs: number;
  readonly votes: readonly Vote[];
  /** Whether no other ballot was proposed before. */
  readonly isOnlyTry: boolean;
}

/** The releases of one quorum: which need a tombstone, which are owed, which are under way. */
export class Releases {
  readonly #nodes: readonly LockNode[];
  /** So many who refuse are enough for a refusal. */
  readonly #least: number;
  readonly #clock: Clock;
  readonly #owed: ReadonlyMap<LockNode, OwedReleases>;
  /** The nodes on which the acquire of a claim may still be on its way, over a lost connection. */
  readonly #doubtful: NodesOfClaims = new WeakMap();
  /** The nodes to which nothing was sent for a claim. */
  readonly #spared: NodesOfClaims = new WeakMap();
  #underWay = 0;
  #onDone: (() => void) | undefined;

  /** @param quorum how many have to grant. */
  constructor(nodes: readonly LockNode[], quorum: number, clock: Clock) {
    this.#nodes = nodes;
    this.#least = nodes.length - quorum + 1;
    this.#clock = clock;
    this.#owed = new Map(nodes.map((node) => [node, new OwedReleases(node, clock)]));
  }

  /** What became of an acquire on this node is not known. */
  doubt(claim: Claim, node: LockNode): void {
    add(this.#doubtful, claim, node);
  }

  /** The node was not asked for this claim: it needs no release, unless it is asked after all. */
  spare(claim: Claim, node: LockNode): void {
    if (claim.waiting?.isKept !== true) add(this.#spared, claim, node);
  }

  /** All nodes are asked for this claim once more. */
  spareNone(claim: Claim): void {
    this.#spared.delete(claim);
  }

  /**
   * What a node cannot be told now it is told when it is back.
   *
   * @param next who takes its place in the queue.
   */
  of(claim: Claim, ttlMs: number, next?: Claim): Question {
    const until = this.#clock.now() + ttlMs;
    const doubtful = this.#doubtful.get(claim);
    const end = (): void => void (--this.#underWay === 0 && this.#onDone?.());
    return {
      ask: (node) => {
        this.#underWay++;
        return node.release(claim, doubtful?.has(node) === true ? ttlMs : 0, next);
      },
      onAnswer: end,
      onUnknown: (node) => {
        const isSpared = this.#spared.get(claim)?.has(node) === true;
        if (!isSpared) this.#owed.get(node)?.owe(claim, until);
        end();
      },
    };
  }

  /**
   * After a try that failed: releases wherever something may be left of it, behind the acquires. Waits for
   * the nodes that answered, so that the next try, of whomever, finds them free. It keeps its place.
   *
   * A node that refused the only try has nothing of it.
   */
  async undo(claim: Claim, { ttlMs, timeoutMs, votes, isOnlyTry }: Undoing): Promise<void> {
    if (claim.withdrawn) return;
    claim.withdrawn = true;
    const release = this.of(claim, ttlMs, claim);
    // Where too few refused, the time that it takes lets those who are late answer.
    const isSure =
      isOnlyTry && votes.filter(({ vote }) => vote === "refused").length >= this.#least;
    const having = (isSilent: boolean): LockNode[] =>
      this.#nodes.filter((_, index) => {
        const vote = votes[index]?.vote;
        return (vote === "unknown") === isSilent && !(isSure && vote === "refused");
      });
    void askAll(having(true), release, this.#clock, timeoutMs);
    await askAll(having(false), release, this.#clock, timeoutMs);
  }

  /** Resolves when all that were sent are answered, or when that takes too long. */
  async close(timeoutMs: number): Promise<void> {
    for (const owed of this.#owed.values()) owed.close();
    if (this.#underWay === 0) return;
    const done = deferred<void>();
    this.#onDone = done.resolve;
    const timer = setPatientTimer(this.#clock, timeoutMs, done.resolve, true);
    await done.promise;
    timer.cancel();
  }
}

type NodesOfClaims = WeakMap<Claim, Set<LockNode>>;

function add(nodesOf: NodesOfClaims, claim: Claim, node: LockNode): void {
  const nodes = nodesOf.get(claim) ?? new Set();
  nodesOf.set(claim, nodes.add(node));
}
