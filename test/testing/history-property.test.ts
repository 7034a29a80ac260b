/**
 * Goal: the checker of histories finds exactly what a slow one finds that is obviously right; a lock that
 * does what it should is never accused; what it shows as evidence is evidence.
 * Method: random histories of a model lock, half of them with flaws. Counts make sure that all checks
 * find something, and often do not.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allChecks, checkHistory, type CheckId, type Violation } from "../../src/testing.ts";
import { historyOf, step } from "./random-history.ts";
import { slowCoverage, slowFindings, type SlowFinding } from "./slow-checker.ts";

const steps = fc.array(step, { minLength: 30, maxLength: 100, size: "max" });
const everything = { mostPerCheck: Infinity };
const numRuns = 4000;

type Finding = Pick<Violation | SlowFinding, "check" | "at" | "attempts" | "resource">;

/** What was found, in whose way somebody was left out: the fast one names one of them. */
function culprit({ check, at, attempts, resource }: Finding): string {
  return `${check} ${resource} ${at} ${attempts[0]} ${attempts.length}`;
}

function whole({ check, at, attempts, resource }: Finding): string {
  return `${check} ${resource} ${at} ${attempts.join(" ")}`;
}

function distinct(keys: readonly string[]): string[] {
  return [...new Set(keys)].toSorted();
}

describe("the checker of histories", { timeout: 60_000 }, () => {
  test("finds what the slow one finds", () => {
    const found = new Map<CheckId, number>();
    const verdicts = { pass: 0, violated: 0, inconclusive: 0 };
    fc.assert(
      fc.property(steps, fc.boolean(), (each, isFlawed) => {
        const history = historyOf(each, isFlawed);
        const report = checkHistory(history, everything);
        const slow = slowFindings(history);
        expect(distinct(report.violations.map(culprit))).toEqual(distinct(slow.map(culprit)));
        const known = new Set(slow.map(whole));
        expect(report.violations.map(whole).filter((key) => !known.has(key))).toEqual([]);
        expect(report.coverage).toMatchObject(slowCoverage(history));
        if (!isFlawed) expect(report.violations).toEqual([]);
        verdicts[report.verdict]++;
        for (const check of new Set(slow.map(({ check }) => check))) {
          found.set(check, (found.get(check) ?? 0) + 1);
        }
      }),
      { numRuns },
    );
    for (const check of allChecks) {
      expect(found.get(check), check).toBeGreaterThan(numRuns / 200);
      expect(found.get(check), check).toBeLessThan(numRuns / 2);
    }
    for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(numRuns / 20);
  });

  test("shows evidence that suffices by itself", () => {
    let count = 0;
    fc.assert(
      fc.property(steps, (each) => {
        const history = historyOf(each, true);
        for (const violation of checkHistory(history, everything).violations) {
          const { events, check } = violation;
          expect(events.length).toBeLessThanOrEqual(6);
          const again = checkHistory(events, { ...everything, checks: [check] });
          expect(again.violations.map(whole)).toContain(whole(violation));
          count++;
        }
      }),
      { numRuns: 2000 },
    );

    expect(count).toBeGreaterThan(2000);
  });
});
