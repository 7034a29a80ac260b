import type { Claim } from "../core/claim.ts";
import type { Statement } from "./connection-pool.ts";

/**
 * What is said to a database, in its own SQL. Each is one statement and one transaction, takes all resources
 * of a claim or none, answers in JSON (`answer.ts`), and does no harm when it is carried out twice.
 */
export interface Statements {
  acquire(claim: Claim, ttlMs: number): Statement;
  extend(claim: Claim, ttlMs: number): Statement;
  /** @param tombstoneMs for how long an acquire of this owner that comes later is refused. */
  release(claim: Claim, tombstoneMs: number): Statement;
  forceRelease(key: string, owners: readonly string[]): Statement;
  inspect(key: string): Statement;
}
