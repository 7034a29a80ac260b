import { honestBelief } from "./belief.ts";
import { properBirth } from "./birth.ts";
import { continuity } from "./continuity.ts";
import { coverageOf, type Coverage } from "./coverage.ts";
import type { HistoryEvent } from "./event.ts";
import { mutualExclusion } from "./exclusion.ts";
import { factsOf, type Facts } from "./facts.ts";
import { fence } from "./fence.ts";
import { hygiene } from "./hygiene.ts";
import { slotOrder } from "./slot-order.ts";
import { growingTokens, uniqueTokens } from "./token.ts";
import type { CheckId, Rule, Violation } from "./violation.ts";

export interface CheckOptions {
  /** Which checks count; all by default. Without clocks that can be trusted, some promise nothing. */
  readonly checks?: readonly CheckId[];
  /** Of each check so many violations are described, the first ones; 10 by default. */
  readonly mostPerCheck?: number;
}

export interface HistoryReport {
  /**
   * `inconclusive`: nothing is wrong, but no wanted lock changed hands while something was broken, so
   * the history proves little.
   */
  readonly verdict: "pass" | "violated" | "inconclusive";
  /** Check by check. */
  readonly violations: readonly Violation[];
  /** How many there are of each check, described or not. */
  readonly violationCounts: Readonly<Record<CheckId, number>>;
  readonly coverage: Coverage;
}

const rules: Record<CheckId, Rule<Facts>> = {
  C1: mutualExclusion,
  C2: honestBelief,
  C3: properBirth,
  C4: uniqueTokens,
  C5: growingTokens,
  C6: slotOrder,
  C7: hygiene,
  C8: fence,
  C10: continuity,
};

/** All checks there are. */
export const allChecks: readonly CheckId[] = Object.keys(rules) as CheckId[];

/**
 * Whether what an observer saw is what a lock may do. Takes time in proportion to the number of events,
 * or to that times its logarithm.
 *
 * @throws {Error} when the history contradicts itself, as with a grant to somebody who never asked.
 */
export function checkHistory(
  history: readonly HistoryEvent[],
  { checks = allChecks, mostPerCheck = 10 }: CheckOptions = {},
): HistoryReport {
  const facts = factsOf(history);
  const violations: Violation[] = [];
  const counts = { C1: 0, C2: 0, C3: 0, C4: 0, C5: 0, C6: 0, C7: 0, C8: 0, C10: 0 };
  for (const check of checks) {
    for (const describe of rules[check](facts)) {
      if (++counts[check] <= mostPerCheck) violations.push(describe());
    }
  }
  const coverage = coverageOf(facts);
  const isClean = checks.every((check) => counts[check] === 0);
  const calm = coverage.isContendedUnderFault ? "pass" : "inconclusive";
  const verdict = isClean ? calm : "violated";
  return { verdict, violations, violationCounts: counts, coverage };
}
