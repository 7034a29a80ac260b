/**
 * Goal: the demo's verdict is good only if nothing went wrong: it can be bad.
 * Method: records with one thing wrong at a time.
 */
import { expect, test } from "vitest";
import type { Section } from "../../src/cli/demo/message.ts";
import { judge, type Record } from "../../src/cli/demo/verdict.ts";

function section(askedAt: number, enteredAt: number, leftAt: number): Section {
  return { worker: 0, askedAt: askedAt * 1e6, enteredAt: enteredAt * 1e6, leftAt: leftAt * 1e6 };
}

const good: Record = {
  sections: [section(0, 1, 10), section(5, 10, 20), section(0, 30, 40)],
  counter: 3,
  outage: { from: 25e6, until: 50e6 },
  crashCount: 0,
  troubles: [],
};

test("a run without fault is good, and its figures are those of the sections", () => {
  expect(judge(good)).toEqual({
    isGood: true,
    grantCount: 3,
    counter: 3,
    overlapCount: 0,
    outageGrantCount: 1,
    waitMs: { p50: 5, p99: 5, max: 30 },
    holdMs: { p50: 10, p99: 10, max: 10 },
    complaints: [],
  });
});

test("a count that was lost is bad", () => {
  expect(judge({ ...good, counter: 2 })).toMatchObject({
    isGood: false,
    complaints: ["the counter is not the number of grants"],
  });
});

test("two in the critical section are bad, also when a third one lies between them", () => {
  const sections = [section(0, 0, 100), section(0, 10, 20), section(0, 30, 40)];
  const verdict = judge({ ...good, sections, outage: undefined });
  expect(verdict).toMatchObject({ isGood: false, overlapCount: 2, outageGrantCount: undefined });
});

test("an outage in which nobody got the lock is bad", () => {
  expect(judge({ ...good, outage: { from: 50e6, until: 60e6 } }).isGood).toBe(false);
});

test("workers that ended too early are bad, and so is a run in which nothing happened", () => {
  expect(judge({ ...good, crashCount: 1 }).isGood).toBe(false);
  expect(judge({ ...good, sections: [], counter: 0, outage: undefined }).isGood).toBe(false);
});
