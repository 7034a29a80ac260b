import assert from "node:assert/strict";
import type { Claim, Mode, Waiting } from "../../core/claim.ts";
import type { RefusalReason } from "../../core/vote.ts";
import type { Answering, LockNode, NodeAnswer } from "../../quorum/lock-node.ts";
import type { Passing } from "../contract.ts";

/** One node that votes, and names that nobody else uses on it. */
export interface NodeFixture extends Passing {
  readonly node: LockNode;
  /** A resource that no other check touches. */
  readonly resource: (hint?: string) => string;
  /** The node's clock, in microseconds; about will do. */
  readonly clockUs: () => number;
  /** For how far from its clock the node takes ballots, in milliseconds. */
  readonly maxSkewMs: number;
}

/** The same, with ballots that fit and grow. */
export interface NodeSubject extends NodeFixture {
  readonly ask: Asking;
}

/** Asks a node as a backend does: with the next ballot, and the fencing token that came of it. */
export interface Asking {
  acquire(claim: Claim, ttlMs: number): Answering<NodeAnswer>;
  extend(claim: Claim, ttlMs: number): Answering<NodeAnswer>;
}

export function subjectOf(fixture: NodeFixture): NodeSubject {
  const { node, clockUs } = fixture;
  const tokens = new Map<string, number>();
  let highest = 0;
  const ask: Asking = {
    acquire(asked, ms) {
      highest = Math.max(highest + 1, clockUs());
      tokens.set(asked.owner, highest);
      return node.acquire(asked, ms, highest);
    },
    extend(asked, ms) {
      const fencingToken = tokens.get(asked.owner) ?? 0;
      return node.extend(asked, ms, { fencingToken, sentAtUs: clockUs() });
    },
  };
  return { ...fixture, ask };
}

/** Longer than any check takes. */
export const ttlMs = 60_000;
/** Short enough to wait for it. */
export const short = 40;
let owners = 0;

/** A claim of an owner that nobody else is. */
export function claim(
  resources: string | string[],
  mode: Mode = "exclusive",
  more?: Partial<Claim>,
): Claim {
  return {
    resources: typeof resources === "string" ? [resources] : resources,
    mode,
    owner: `owner.${owners++}`,
    clientId: "contract",
    process: { host: "a host", pid: 42 },
    steal: false,
    withdrawn: false,
    granted: true,
    ...more,
  };
}

export async function granted(answer: Answering<NodeAnswer>): Promise<void> {
  assert.equal((await answer).vote, "granted");
}

export async function refused(
  answer: Answering<NodeAnswer>,
  reason: RefusalReason,
): Promise<NodeAnswer & { vote: "refused" }> {
  const given = await answer;
  assert.equal(given.vote === "refused" ? given.reason : given.vote, reason);
  assert(given.vote === "refused");
  return given;
}

/** Somebody who waits for the second time, whose name nobody else has. */
export function waitingFor(forMs: number): Waiting {
  return { id: `request.${owners++}`, askedAt: 0, forMs, isKept: true };
}
