import type { Claim } from "../core/claim.ts";
import type { Clock } from "../core/world.ts";
import { spareTokensOf } from "./relay.ts";

/** Less than this is how long the answer was on its way. */
const coarseUs = 500;

/** For so long the same ballot is proposed for one resource after the other: what goes together is alike. */
const freshUs = 250;

/** What was proposed for so many resources is forgotten with the next ballot: clearing a map takes time. */
const mostRemembered = 64;

/**
 * Proposes ballots: what the nodes' clocks probably say now, in microseconds, and always more than was
 * seen. It learns from every answer. Safety does not depend on it: a node refuses what does not fit.
 */
export class BallotClock {
  readonly #clock: Clock;
  readonly #maxSkewUs: number;
  /** How far each node's clock is ahead of ours, in microseconds. */
  readonly #offsets: (number | undefined)[];
  /** What each node's clock said last: all answers to a batch say the same. */
  readonly #latest: number[] = [];
  #offset: number | undefined;
  #highest = 0;
  /** What was proposed last. */
  #proposed = 0;
  /** The highest that was proposed with it. */
  #top = 0;
  /** What was proposed last for a resource: it does not get the same once more. */
  readonly #proposedFor = new Map<string, number>();

  /** @param maxSkewMs how far from its clock a node takes a ballot. */
  constructor(clock: Clock, nodeCount: number, maxSkewMs: number) {
    this.#clock = clock;
    this.#maxSkewUs = maxSkewMs * 1000;
    this.#offsets = Array.from({ length: nodeCount }, () => undefined);
  }

  /** Node `index` has just answered that its clock says so. */
  learn(index: number, clockUs: number): void {
    if (this.#latest[index] === clockUs) return;
    this.#latest[index] = clockUs;
    const offset = clockUs - this.#clock.now() * 1000;
    const known = this.#offsets[index];
    if (known !== undefined && Math.abs(offset - known) < coarseUs) return;
    this.#offsets[index] = offset;
    this.#offset = undefined;
  }

  /** A node has accepted this ballot from somebody. */
  saw(ballot: number): void {
    if (ballot > this.#highest && !this.#isTooHigh(ballot, this.nowUs())) this.#highest = ballot;
  }

  /** The nodes' time, in microseconds. */
  nowUs(): number {
    this.#offset ??= median(this.#offsets.filter((offset) => offset !== undefined));
    return Math.floor(this.#clock.now() * 1000 + this.#offset);
  }

  /** The same, as exact as nodes tell it: what is sent in the same millisecond has it in common. */
  nowToTheMs(): number {
    return Math.floor(this.nowUs() / 1000) * 1000;
  }

  /**
   * One for all resources of a claim; more than any that was proposed for one of them before. What the claim
   * takes beside it, the numbers right above, is proposed with it.
   *
   * @param above what a quorum for them has to be told to exceed, wherever it comes from.
   */
  propose(claim: Claim, above = 0): number {
    const { resources } = claim;
    const nowUs = this.nowUs();
    if (this.#isTooHigh(this.#highest, nowUs)) this.#highest = 0;
    const isTaken = resources.some((name) => this.#proposedFor.get(name) === this.#proposed);
    if (isTaken || !this.#isFresh(nowUs, above)) {
      this.#proposed = Math.max(nowUs, this.#highest + 1, above + 1);
      this.#top = this.#proposed;
      if (this.#proposedFor.size > mostRemembered) this.#proposedFor.clear();
    }
    this.#top = Math.max(this.#top, this.#proposed + spareTokensOf(claim));
    this.#highest = this.#top;
    for (const name of resources) this.#proposedFor.set(name, this.#proposed);
    return this.#proposed;
  }

  /** Whether what was proposed last would be proposed once more, or very nearly. */
  #isFresh(nowUs: number, above: number): boolean {
    const proposed = this.#proposed;
    const isHighest = this.#top === this.#highest;
    return isHighest && proposed > above && Math.abs(nowUs - proposed) < freshUs;
  }

  /** It comes from a node whose clock was wrong: those whose clocks are right take nothing like it. */
  #isTooHigh(ballot: number, nowUs: number): boolean {
    return ballot > nowUs + this.#maxSkewUs;
  }
}

/** Of two in the middle the lower one: a ballot that is too low leaves nothing behind on a node. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
