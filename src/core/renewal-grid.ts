/** So many renewals in one slot are as cheap as they can be; more of them make a burst. */
const enough = 100;
/** A slot is this part of the ttl, or up to a half of it. */
const slotShare = 1 / 100;

/**
 * When locks are renewed: at instants that many of them share, so that their renewals travel together,
 * and spread over those instants, so that they do not all come at once. A lock is never renewed later than
 * it asked for, and earlier only if there are many.
 */
export class RenewalGrid {
  /** How many renewals there are at an instant. */
  readonly #counts = new Map<number, number>();

  /**
   * Takes a place.
   *
   * @param latest the last instant that is early enough.
   * @param earliest how far it may be put forward when there are many.
   */
  enter(latest: number, earliest: number, ttlMs: number): number {
    // The slots of all ttls fit into each other.
    const widthMs = 2 ** Math.floor(Math.log2(ttlMs * slotShare));
    let best = Math.floor(latest / widthMs) * widthMs;
    for (let at = best; at >= earliest && this.#count(best) >= enough; at -= widthMs) {
      if (this.#count(at) < this.#count(best)) best = at;
    }
    if (!this.#counts.has(best)) this.#forgetEmpty();
    this.#counts.set(best, this.#count(best) + 1);
    return best;
  }

  /** Gives the place back, whether it was used or not. */
  leave(at: number): void {
    this.#counts.set(at, this.#count(at) - 1);
  }

  /** Not with each that leaves: whoever comes next often takes the same instant. */
  #forgetEmpty(): void {
    for (const [at, count] of this.#counts) if (count === 0) this.#counts.delete(at);
  }

  #count(at: number): number {
    return this.#counts.get(at) ?? 0;
  }
}
