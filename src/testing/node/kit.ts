import assert from "node:assert/strict";
import type { Claim, Mode } from "../../core/claim.ts";
import type { RefusalReason } from "../../core/vote.ts";
import type { LockNode, NodeAnswer } from "../../quorum/lock-node.ts";
import type { Passing } from "../contract.ts";

/** One node, and names that nobody else uses on it. */
export interface NodeFixture extends Passing {
  readonly node: LockNode;
  /** A resource that no other check touches. */
  readonly resource: (hint?: string) => string;
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
    ...more,
  };
}

export async function granted(answer: Promise<NodeAnswer>): Promise<void> {
  assert.deepEqual(await answer, { vote: "granted" });
}

export async function refused(
  answer: Promise<NodeAnswer>,
  reason: RefusalReason,
): Promise<NodeAnswer & { vote: "refused" }> {
  const given = await answer;
  assert.equal(given.vote === "refused" ? given.reason : given.vote, reason);
  assert(given.vote === "refused");
  return given;
}

/** A name for somebody who waits, that nobody else has. */
export function waitingId(): string {
  return `request.${owners++}`;
}
