import type { Vote } from "../core/vote.ts";

/**
 * Counts the votes of one round, and knows when it is decided: as soon as a quorum granted, or as
 * soon as that can no longer happen. With an even number of nodes a tie is therefore a refusal.
 */
export class Tally {
  readonly #nodeCount: number;
  readonly #quorum: number;
  #granted = 0;
  #against = 0;

  constructor(nodeCount: number, quorum: number) {
    this.#nodeCount = nodeCount;
    this.#quorum = quorum;
  }

  /** How many have granted by now, be it after it was decided. */
  get grantedCount(): number {
    return this.#granted;
  }

  count(vote: Vote): void {
    if (vote.vote === "granted") this.#granted++;
    else this.#against++;
  }

  /** Whether enough granted, or `undefined` while that is open. */
  get isWon(): boolean | undefined {
    if (this.#granted >= this.#quorum) return true;
    if (this.#nodeCount - this.#against < this.#quorum) return false;
    return undefined;
  }
}
