import type { Attempt, Grant, GrantTally, ReleaseOutcome } from "../core/lock-backend.ts";
import type { Claim } from "../core/claim.ts";
import type { Vote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { Offer } from "./offer.ts";

/** So many tokens above its ballot a claim takes with it at most, for those who wait behind it. */
export const mostSpareTokens = 15;

/** For so long, in milliseconds, and this part of the ttl, a grant is handed on without asking the nodes. */
const longestRowMs = 50;
const rowShare = 1 / 10;

/** How many tokens above its ballot a node accepts with a claim. */
export function spareTokensOf({ followerCount = 0 }: Claim): number {
  return Math.min(followerCount, mostSpareTokens);
}

/** A vote that was won. */
export interface Won {
  /** By the clock of the world. */
  readonly startedAt: number;
  readonly ttlMs: number;
  readonly validUntil: number;
  /** The lowest of its tokens. */
  readonly ballot: number;
  readonly votes: readonly Vote[];
  readonly tally: GrantTally;
}

interface Baton extends Won {
  /** By which the nodes know it. */
  readonly claim: Claim;
  readonly lastToken: number;
  /** Who has it now. */
  holder: Claim;
  nextToken: number;
  validUntil: number;
  /** The longest ttl that it was extended to, in milliseconds: nodes keep it for so long. */
  longestMs: number;
  /** It was taken away, or may have been. */
  isBroken: boolean;
  /** In the turn in which its holder gives it back. */
  offer: Offer | undefined;
}

/**
 * Grants that several requests of one manager have, one after the other, without a word to the nodes. One
 * that takes over was waiting already when the vote was asked for, and gets a token that was won with it. So
 * it is as if it had won that vote itself and looked at the result a moment later: docs/decisions/0036.
 */
export class Relay {
  readonly #clock: Clock;
  /** The latest of each resource. */
  readonly #batons = new Map<string, Baton>();
  /** By the owner of whoever has it now. */
  readonly #held = new Map<string, Baton>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A claim was granted. */
  begin(claim: Claim, won: Won): Attempt {
    const { ballot: fencingToken, validUntil, votes, tally } = won;
    const grant = { granted: true as const, validUntil, fencingToken, votes, tally };
    const spare = spareTokensOf(claim);
    const [resource] = claim.resources;
    if (spare === 0 || resource === undefined) return grant;
    const lastToken = fencingToken + spare;
    const state = { holder: claim, nextToken: fencingToken + 1, longestMs: won.ttlMs };
    const baton = { claim, lastToken, isBroken: false, offer: undefined, ...state, ...won };
    this.#batons.set(resource, baton);
    this.#held.set(claim.owner, baton);
    return { lastToken, ...grant };
  }

  /**
   * Grants what is being given back, if the claim may have it as it is. If not, the nodes are told before
   * they are asked for it.
   */
  take(claim: Claim, ttlMs: number): Attempt | undefined {
    if (this.#batons.size === 0) return undefined;
    if (claim.steal) this.break(claim.resources);
    for (const resource of claim.resources) {
      const baton = this.#batons.get(resource);
      if (baton?.offer === undefined) continue;
      if (isFollower(claim, baton) && ttlMs === baton.ttlMs) return this.#handOn(baton, claim);
      void baton.offer.end();
    }
    return undefined;
  }

  #handOn(baton: Baton, claim: Claim): Attempt {
    baton.offer?.accept();
    baton.offer = undefined;
    this.#held.delete(baton.holder.owner);
    this.#held.set(claim.owner, baton);
    baton.holder = claim;
    claim.granted = true;
    const { validUntil, votes, tally } = baton;
    const fencingToken = baton.nextToken++;
    const wonBy = baton.claim.owner;
    return { granted: true, validUntil, fencingToken, votes, tally, wonBy };
  }

  /**
   * Its holder gives it back: somebody may take it over in the same turn.
   *
   * @param giveBack tells the nodes; called at once when somebody is in the way, or the turn is over.
   * @returns `undefined` when nobody may have it.
   */
  offer(
    claim: Claim,
    ttlMs: number,
    giveBack: () => Promise<ReleaseOutcome>,
  ): Promise<ReleaseOutcome> | undefined {
    const baton = this.#held.get(claim.owner);
    // It is given back twice.
    void baton?.offer?.end();
    if (baton === undefined || !this.mayGoOn(claim)) return undefined;
    baton.longestMs = Math.max(baton.longestMs, ttlMs);
    const offer = new Offer(giveBack);
    baton.offer = offer;
    return Promise.resolve().then(() => offer.end());
  }

  /** Whether whoever comes next may have it without asking the nodes. */
  mayGoOn({ owner }: Claim): boolean {
    const baton = this.#held.get(owner);
    if (baton === undefined || baton.isBroken || baton.nextToken > baton.lastToken) return false;
    const { startedAt, ttlMs, validUntil } = baton;
    const now = this.#clock.now();
    return now - startedAt <= Math.min(longestRowMs, ttlMs * rowShare) && now < validUntil;
  }

  /** What the nodes know of a grant: that of the first in the row, with the last of its tokens. */
  knownAs(grant: Grant): Grant {
    const baton = this.#held.get(grant.claim.owner);
    return baton === undefined ? grant : { claim: baton.claim, fencingToken: baton.lastToken };
  }

  /** It was extended. */
  prolong({ owner }: Claim, validUntil: number): void {
    const baton = this.#held.get(owner);
    if (baton !== undefined) baton.validUntil = Math.max(baton.validUntil, validUntil);
  }

  /**
   * Nobody may have it any more.
   *
   * @returns by which claim the nodes are told to release, and for how long they keep it at most.
   */
  end(claim: Claim, ttlMs: number): { readonly claim: Claim; readonly ttlMs: number } {
    const baton = this.#held.get(claim.owner);
    if (baton === undefined) return { claim, ttlMs };
    this.#held.delete(claim.owner);
    const resource = baton.claim.resources[0] ?? "";
    if (this.#batons.get(resource) === baton) this.#batons.delete(resource);
    return { claim: baton.claim, ttlMs: Math.max(baton.longestMs, ttlMs) };
  }

  /** Somebody took these resources away from whoever has them. */
  break(resources: readonly string[]): void {
    for (const resource of resources) {
      const baton = this.#batons.get(resource);
      if (baton !== undefined) baton.isBroken = true;
    }
  }

  /** Nobody takes over any more what is being given back. */
  close(): void {
    for (const { offer } of [...this.#held.values()]) void offer?.end();
  }
}

/** Whether it waits in the same manager for the same, and has done so since before the vote. */
function isFollower(claim: Claim, baton: Baton): boolean {
  const { clientId, mode, resources, waiting, steal } = claim;
  const isAlike = clientId === baton.claim.clientId && mode === baton.claim.mode && !steal;
  const isSame = resources.length === 1 && resources[0] === baton.claim.resources[0];
  // Nor has it a place of its own in the queue, which would have to be taken back.
  const isNew = waiting?.isSent !== true && waiting?.isKept !== true;
  return isAlike && isSame && isNew && waiting !== undefined && waiting.askedAt < baton.startedAt;
}
