/**
 * Goal: a round is decided as soon as a quorum granted or is out of reach, and what comes later changes
 * nothing (rules 1, 2 and 6).
 * Method: exhaustive. Every pattern of votes of 1 to 6 nodes, in every order in which they can arrive,
 * against a count by hand; every pattern with silent nodes of up to 4, against the deadline.
 */
import { describe, expect, test } from "vitest";
import { Agenda } from "../../src/core/agenda.ts";
import { deferred, type Deferred } from "../../src/core/deferred.ts";
import { refusal } from "../../src/core/vote.ts";
import { NodeError, type LockNode, type NodeAnswer } from "../../src/quorum/lock-node.ts";
import { holdRound, type RoundResult } from "../../src/quorum/round.ts";
import { majority } from "../../src/quorum/settings.ts";
import { settled, VirtualClock } from "../../src/testing.ts";
import { permutations, tuples } from "../fixture/exhaustive.ts";

const kinds = ["granted", "refused", "unknown"] as const;
type Kind = (typeof kinds)[number];

const timeoutMs = 50;

interface Round {
  readonly result: Promise<RoundResult>;
  readonly arrive: (index: number, kind: Kind) => void;
}

function begin(count: number, clock: VirtualClock, deadlines: Agenda): Round {
  const answers = Array.from({ length: count }, () => deferred<NodeAnswer>());
  const nodes = answers.map((_, index) => ({ id: String(index) }) as LockNode);
  const rules = { quorum: majority(count), deadlines, startedAt: clock.now(), timeoutMs };
  const at = (index: number): Deferred<NodeAnswer> => answers[index] ?? deferred();
  return {
    result: holdRound(nodes, { ask: (node) => at(Number(node.id)).promise }, rules),
    arrive: (index, kind) => {
      if (kind === "granted") at(index).resolve({ vote: "granted" });
      else if (kind === "refused") at(index).resolve(refusal("held", "r"));
      else at(index).reject(new NodeError("disconnected", "gone"));
    },
  };
}

/** What has to come out: who had been counted when it was decided, and how it was. */
function byHand(
  pattern: readonly Kind[],
  order: readonly number[],
): { isWon: boolean; counted: number } {
  const quorum = majority(pattern.length);
  let [granted, against] = [0, 0];
  for (const [place, index] of order.entries()) {
    if (pattern[index] === "granted") granted++;
    else against++;
    if (granted >= quorum) return { isWon: true, counted: place + 1 };
    if (pattern.length - against < quorum) return { isWon: false, counted: place + 1 };
  }
  throw new Error("a round that everybody answered was not decided");
}

describe.for([1, 2, 3, 4, 5, 6])("a round of %i nodes", (count) => {
  test("is decided by the first votes that suffice, in every order of every pattern", async () => {
    const clock = new VirtualClock();
    const deadlines = new Agenda(clock);
    const orders = permutations(count);
    let rounds = 0;
    for (const pattern of tuples(kinds, count)) {
      for (const order of orders) {
        const round = begin(count, clock, deadlines);
        for (const index of order) round.arrive(index, pattern[index] ?? "unknown");
        const { isWon, votes } = await round.result;
        const expected = byHand(pattern, order);
        const isRight =
          isWon === expected.isWon &&
          order.every((index, place) =>
            place < expected.counted
              ? votes[index]?.vote === pattern[index]
              : votes[index]?.vote === "unknown" && votes[index].reason === "pending",
          );
        // One expectation for each round would take minutes.
        if (!isRight) expect({ pattern, order, isWon, votes }).toEqual(expected);
        rounds++;
      }
    }
    expect(rounds).toBe(3 ** count * orders.length);
    expect(deadlines.size).toBe(0);
  });
});

describe.for([1, 2, 3, 4])("a round of %i nodes of which some are silent", (count) => {
  test("is over at its deadline, or before if the others decide it", async () => {
    const clock = new VirtualClock();
    const deadlines = new Agenda(clock);
    for (const pattern of tuples([...kinds, "silent"] as const, count)) {
      const round = begin(count, clock, deadlines);
      let isOver = false;
      void round.result.then(() => (isOver = true));
      const talking = [...pattern.keys()].filter((index) => pattern[index] !== "silent");
      for (const index of talking) {
        const kind = pattern[index] ?? "silent";
        if (kind !== "silent") round.arrive(index, kind);
      }
      const of = (kind: string): number => pattern.filter((each) => each === kind).length;
      const isWon = of("granted") >= majority(count);
      const isLost = count - of("refused") - of("unknown") < majority(count);
      await clock.advance(timeoutMs - 1);
      expect(isOver).toBe(isWon || isLost);
      await clock.advance(1);
      const { isWon: outcome, votes } = await round.result;
      expect(outcome).toBe(isWon);
      const silent = votes.filter((vote) => vote.vote === "unknown" && vote.reason === "timeout");
      expect(silent).toHaveLength(isWon || isLost ? 0 : of("silent"));
    }
  });

  test("stays lost when the silent ones speak afterwards, which only explains it", async () => {
    const clock = new VirtualClock();
    const round = begin(count, clock, new Agenda(clock));
    await clock.advance(timeoutMs);
    const result = await round.result;
    const { isWon, votes } = result;
    for (let index = 0; index < count; index++) round.arrive(index, "granted");
    await settled();
    expect(isWon).toBe(false);
    expect(votes.every((vote) => vote.vote === "unknown")).toBe(true);
    expect(result.latestVotes().every((vote) => vote.vote === "granted")).toBe(true);
  });
});

test("a majority is the least number of which any two have a node in common", () => {
  for (let count = 1; count <= 99; count++) {
    expect(2 * majority(count)).toBeGreaterThan(count);
    expect(2 * (majority(count) - 1)).toBeLessThanOrEqual(count);
  }
});
