/**
 * Goal: one node whose clock is or was wrong does not decide what a client proposes.
 * Method: what nodes said, and what is proposed after it.
 */
import { describe, expect, test } from "vitest";
import type { Vote } from "../../src/index.ts";
import { BallotClock } from "../../src/quorum/ballot-clock.ts";
import { ballotToExceed } from "../../src/quorum/verdict.ts";
import type { Claim } from "../../src/core/claim.ts";
import { VirtualClock } from "../../src/testing.ts";
import { aClaim } from "../fixture/scripted-node.ts";

const epochUs = 1_800_000_000_000_000;
const minuteUs = 60_000_000;

/** A client with a skew bound of 100 ms, and nodes whose clocks are so far ahead. */
function clockOf(...aheadUs: readonly number[]): { ballots: BallotClock; clock: VirtualClock } {
  const clock = new VirtualClock();
  const ballots = new BallotClock(clock, 3, 100);
  for (const [index, us] of aheadUs.entries()) ballots.learn(index, epochUs + us);
  return { ballots, clock };
}

function claimOf(...resources: string[]): Claim {
  return aClaim("owner.1", resources);
}

describe("a proposal", () => {
  test("is what most clocks say, and of two the lower one", () => {
    expect(clockOf(0, minuteUs, 1).ballots.propose(claimOf("r"))).toBe(epochUs + 1);
    expect(clockOf(minuteUs, 0).ballots.propose(claimOf("r"))).toBe(epochUs);
  });

  test("is above all that was seen or proposed, as long as nodes could take it", () => {
    const { ballots } = clockOf(0, 0, 0);
    ballots.saw(epochUs + 100_000);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs + 100_001);
    ballots.saw(epochUs + 5);
    expect(ballots.propose(claimOf("r")), "that is too far now").toBe(epochUs);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs + 1);
  });

  test("is the same for different resources that are asked for together, and never twice for one", () => {
    const { ballots } = clockOf(0, 0, 0);
    expect(ballots.propose(claimOf("a", "b"))).toBe(epochUs);
    expect(ballots.propose(claimOf("c"))).toBe(epochUs);
    expect(ballots.propose(claimOf("d", "b"))).toBe(epochUs + 1);
    expect(ballots.propose(claimOf("a"))).toBe(epochUs + 1);
    ballots.saw(epochUs + 7);
    expect(ballots.propose(claimOf("e")), "somebody is ahead").toBe(epochUs + 8);
    expect(ballots.propose(claimOf("f"), epochUs + 8)).toBe(epochUs + 9);
  });

  test("takes the numbers above it with it, for those who wait behind", () => {
    const { ballots } = clockOf(0, 0, 0);
    expect(ballots.propose({ ...claimOf("a"), followerCount: 3 })).toBe(epochUs);
    expect(ballots.propose(claimOf("b"))).toBe(epochUs);
    expect(ballots.propose(claimOf("a"))).toBe(epochUs + 4);
    expect(ballots.propose({ ...claimOf("a"), followerCount: 900 })).toBe(epochUs + 5);
    expect(ballots.propose(claimOf("a"))).toBe(epochUs + 21);
  });

  test("is another one when time goes on", async () => {
    const { ballots, clock } = clockOf(0, 0, 0);
    expect(ballots.propose(claimOf("a"))).toBe(epochUs);
    await clock.advance(1);
    expect(ballots.propose(claimOf("b"))).toBe(epochUs + 1_000);
  });

  test("does not follow one node that has accepted what is far ahead", () => {
    const { ballots } = clockOf(0, 0, 0);
    ballots.saw(epochUs + minuteUs);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs);
  });

  test("is right again when the clock that it went by turns out to be wrong", () => {
    const { ballots } = clockOf(minuteUs);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs + minuteUs);
    ballots.learn(0, epochUs);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs);
  });

  test("follows most nodes for one resource, and is back for the next one", () => {
    const { ballots } = clockOf(0, 0, 0);
    expect(ballots.propose(claimOf("r"), epochUs + minuteUs)).toBe(epochUs + minuteUs + 1);
    expect(ballots.propose(claimOf("r"))).toBe(epochUs);
  });
});

describe("what has to be exceeded", () => {
  const granted: Vote = { node: "n", vote: "granted" };
  const stale = (fencingToken: number): Vote => ({
    ...{ node: "n", vote: "refused", reason: "stale-ballot", resource: "r" },
    ...{ message: "", fencingToken },
  });
  const unknown = (reason: string): Vote => ({ node: "n", vote: "unknown", reason, message: "" });

  test.for<[string, Vote[], number]>([
    ["is what most nodes have accepted", [stale(9), granted, stale(7)], 7],
    ["is not what a minority has", [stale(900), granted, stale(1)], 5],
    ["is more when the others are away", [stale(900), granted, unknown("timeout")], 900],
    [
      "is not more when they have only not answered yet",
      [stale(900), stale(1), unknown("pending")],
      1,
    ],
    ["is nothing when no quorum is there", [stale(9), unknown("timeout"), unknown("closed")], 0],
  ])("%s", ([, votes, expected]) => {
    expect(ballotToExceed(votes, 2, 5)).toBe(expected);
  });
});
