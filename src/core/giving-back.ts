import type { Claim } from "./claim.ts";
import type { LockBackend, ReleaseOutcome } from "./lock-backend.ts";
import type { UnknownVote } from "./vote.ts";

/** Releases a claim. Never rejects: a backend that does is one whose outcome is unknown. */
export async function giveBack(
  backend: LockBackend,
  claim: Claim,
  ttlMs: number,
  next?: Claim,
): Promise<ReleaseOutcome> {
  try {
    return await backend.release(claim, ttlMs, next);
  } catch (error) {
    return { released: "unknown", votes: [failure(error)] };
  }
}

/** Readers need not wait any longer for a writer that has gone. */
export function withdrawNote(backend: LockBackend, claim: Claim | undefined, ttlMs: number): void {
  if (claim?.waiting === undefined) return;
  void giveBack(backend, { ...claim, waiting: { ...claim.waiting, forMs: 0 } }, ttlMs);
}

/** An error of a backend, as a vote. */
export function failure(error: unknown): UnknownVote {
  return { node: "backend", vote: "unknown", reason: "error", message: String(error) };
}
