import type { Claim } from "../core/claim.ts";
import { deferred } from "../core/deferred.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { Clock } from "../core/world.ts";
import type { LockNode } from "./lock-node.ts";
import { OwedReleases } from "./owed-releases.ts";
import type { Question } from "./round.ts";

/** The releases of one quorum: which need a tombstone, which are owed, which are under way. */
export class Releases {
  readonly #clock: Clock;
  readonly #owed: ReadonlyMap<LockNode, OwedReleases>;
  /** The nodes on which the acquire of a claim may still be on its way, over a lost connection. */
  readonly #doubtful = new WeakMap<Claim, Set<LockNode>>();
  #underWay = 0;
  #onDone: (() => void) | undefined;

  constructor(nodes: readonly LockNode[], clock: Clock) {
    this.#clock = clock;
    this.#owed = new Map(nodes.map((node) => [node, new OwedReleases(node, clock)]));
  }

  /** What became of an acquire on this node is not known. */
  doubt(claim: Claim, node: LockNode): void {
    const nodes = this.#doubtful.get(claim) ?? new Set();
    this.#doubtful.set(claim, nodes.add(node));
  }

  /** What a node cannot be told now it is told when it is back. */
  of(claim: Claim, ttlMs: number): Question {
    const until = this.#clock.now() + ttlMs;
    const doubtful = this.#doubtful.get(claim);
    const end = (): void => void (--this.#underWay === 0 && this.#onDone?.());
    return {
      ask: (node) => {
        this.#underWay++;
        return node.release(claim, doubtful?.has(node) === true ? ttlMs : 0);
      },
      onAnswer: end,
      onUnknown: (node) => {
        this.#owed.get(node)?.owe(claim, until);
        end();
      },
    };
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
