import type { Attempt, Grant, GrantTally } from "../core/lock-backend.ts";
import type { Claim } from "../core/claim.ts";
import type { Vote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";

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
  /** It was taken away, or may have been. */
  isBroken: boolean;
  /** In the turn in which its holder gave it back. */
  isOffered: boolean;
}

/**
 * Grants that several requests of one manager have, one after the other, without a word to the nodes. One
 * that takes over was waiting already when the vote was asked for, and gets a token that was won with it. So
 * it is as if it had won that vote itself and looked at the result a moment later: docs/decisions/0036.
 */
export class Relay {
  readonly #clock: Clock;
  /** By the one resource of each. */
  readonly #batons = new Map<string, Baton>();

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
    const state = { holder: claim, nextToken: fencingToken + 1, isBroken: false, isOffered: false };
    this.#batons.set(resource, { ...won, ...state, claim, lastToken });
    return { ...grant, lastToken };
  }

  /** Grants what is being given back, if the claim may have it as it is. */
  take(claim: Claim, ttlMs: number): Attempt | undefined {
    if (this.#batons.size === 0) return undefined;
    if (claim.steal) this.break(claim.resources);
    const baton = this.#batons.get(claim.resources[0] ?? "");
    if (baton?.isOffered !== true || !isFollower(claim, baton) || ttlMs !== baton.ttlMs)
      return undefined;
    baton.isOffered = false;
    baton.holder = claim;
    claim.granted = true;
    const { validUntil, votes, tally } = baton;
    const fencingToken = baton.nextToken++;
    const wonBy = baton.claim.owner;
    return { granted: true, validUntil, fencingToken, votes, tally, wonBy };
  }

  /**
   * Its holder gives it back.
   *
   * @returns whether somebody took it over in the same turn.
   */
  async offer(claim: Claim): Promise<boolean> {
    const baton = this.#batonOf(claim);
    if (baton === undefined || !this.#mayGoOn(baton)) return false;
    baton.isOffered = true;
    await Promise.resolve();
    const isTaken = !baton.isOffered;
    baton.isOffered = false;
    return isTaken;
  }

  /** Whether whoever comes next may have it without asking the nodes. */
  mayGoOn(claim: Claim): boolean {
    const baton = this.#batonOf(claim);
    return baton !== undefined && this.#mayGoOn(baton);
  }

  /** What the nodes know of a grant: that of the first in the row, with the last of its tokens. */
  knownAs(grant: Grant): Grant {
    const baton = this.#batonOf(grant.claim);
    return baton === undefined ? grant : { claim: baton.claim, fencingToken: baton.lastToken };
  }

  /** It was extended. */
  prolong(claim: Claim, validUntil: number): void {
    const baton = this.#batonOf(claim);
    if (baton !== undefined) baton.validUntil = Math.max(baton.validUntil, validUntil);
  }

  /** Nobody may have it any more; by which claim the nodes are told to release. */
  end(claim: Claim): Claim {
    const baton = this.#batonOf(claim);
    if (baton === undefined) return claim;
    this.#batons.delete(claim.resources[0] ?? "");
    return baton.claim;
  }

  /** Somebody took these resources away from whoever has them. */
  break(resources: readonly string[]): void {
    for (const resource of resources) {
      const baton = this.#batons.get(resource);
      if (baton !== undefined) baton.isBroken = true;
    }
  }

  #batonOf({ resources, owner }: Claim): Baton | undefined {
    const baton = this.#batons.get(resources[0] ?? "");
    return baton?.holder.owner === owner && resources.length === 1 ? baton : undefined;
  }

  #mayGoOn({ startedAt, ttlMs, validUntil, nextToken, lastToken, isBroken }: Baton): boolean {
    if (isBroken || nextToken > lastToken) return false;
    const now = this.#clock.now();
    return now - startedAt <= Math.min(longestRowMs, ttlMs * rowShare) && now < validUntil;
  }
}

/** Whether it waits in the same manager for the same, and has done so since before the vote. */
function isFollower({ clientId, mode, resources, waiting }: Claim, baton: Baton): boolean {
  const isAlike = clientId === baton.claim.clientId && mode === baton.claim.mode;
  const isSame = resources.length === 1 && resources[0] === baton.claim.resources[0];
  // Nor has it a place of its own in the queue, which would have to be taken back.
  const isNew = waiting?.isSent !== true && waiting?.isKept !== true;
  return isAlike && isSame && isNew && waiting !== undefined && waiting.askedAt < baton.startedAt;
}
