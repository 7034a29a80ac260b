/**
 * Goal: a history of a million events is checked in seconds, whatever its shape.
 * Method: a long history of a model lock, with one mistake planted in its last second; and the shapes that
 * would hurt a checker that looks at pairs. No time is asserted.
 */
import { describe, expect, test } from "vitest";
import { checkHistory, seededRandom, type HistoryEvent } from "../../src/testing.ts";
import { Scene, stepFrom } from "./random-history.ts";

const million = 1_000_000;
/** So many that to look at all pairs of them would take minutes. */
const crowd = 150_000;

function longHistory(): readonly HistoryEvent[] {
  const random = seededRandom(1);
  const scene = new Scene(["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"]);
  while (scene.events.length < million) scene.play(stepFrom(() => random.next(), 8));
  return scene.events;
}

const invoke = (at: number, attempt: string, mode: "exclusive" | "shared"): HistoryEvent => ({
  ...{ type: "invoke", at, attempt, client: `c${attempt}`, resources: ["x"], mode },
});
const granted = (
  at: number,
  attempt: string,
  fencingToken: number,
  validUntil: number,
): HistoryEvent => {
  const round = { validUntil, votes: 2, quorum: 2, startedAt: at };
  return { type: "granted", at, attempt, fencingToken, ...round };
};

/** One holder and its extensions, for ever. */
function oneHolder(): HistoryEvent[] {
  const rounds = Array.from({ length: million / 2 }, (_, at): HistoryEvent[] => [
    { type: "extended", at: at + 1, attempt: "a", validUntil: at + 3 },
    { type: "belief", at: at + 2, attempt: "a", held: true },
  ]);
  return [invoke(0, "a", "shared"), granted(0, "a", 1, 2), ...rounds.flat()];
}

/** Everybody at once. */
function allTogether(mode: "exclusive" | "shared"): HistoryEvent[] {
  const everybody = Array.from({ length: crowd }, (_, index) => `a${index}`);
  const votes = everybody.map((attempt, index): HistoryEvent => {
    const slot = { node: "n0", resource: "x", mode, fencingToken: index, isQuarantined: false };
    return { type: "vote", at: 1, attempt, ...slot };
  });
  return [
    ...everybody.map((attempt) => invoke(0, attempt, mode)),
    ...votes,
    ...everybody.map((attempt, index) => granted(1, attempt, index, 10)),
    ...everybody.map((attempt): HistoryEvent => ({ type: "releasing", at: 5, attempt })),
  ];
}

describe("the checker of long histories", { timeout: 60_000 }, () => {
  test("finds nothing in a million events of a good lock, and a single mistake at its end", () => {
    const history = longHistory();
    const { verdict, violations, coverage } = checkHistory(history);
    expect(violations).toEqual([]);
    expect(verdict).toBe("pass");
    expect(coverage.handoffUnderFaultCount).toBeGreaterThan(1000);

    const last = history.findLast((event) => event.type === "granted");
    expect(last).toBeDefined();
    const { at, attempt } = last!;
    const mistake: HistoryEvent = { type: "belief", at: at + 1000, attempt, held: true };
    expect(checkHistory([...history, mistake]).violations).toMatchObject([
      { check: "C2", attempts: [attempt] },
    ]);
  });

  test("is as quick when one holder is extended for ever", () => {
    expect(checkHistory(oneHolder()).violations).toEqual([]);
  });

  test("is as quick when everybody reads at the same time", () => {
    expect(checkHistory(allTogether("shared")).violations).toEqual([]);
  });

  test("is as quick when nothing is right", () => {
    const { violations, violationCounts } = checkHistory(allTogether("exclusive"));
    expect(violations.length).toBe(10);
    expect(violationCounts.C1).toBe(crowd - 1);
  });
});
