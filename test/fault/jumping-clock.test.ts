/**
 * Goal: one node whose clock jumps does not give a lock twice.
 * Method: directed schedules on real masters, the second of which has a clock of its own. A holds
 * the lock with the first and the second and does not reach the third; the second's clock is
 * moved; B reaches the second and the third. Plain Redlock gives the lock to both, which shows
 * that the schedule bites; ours does not. A lock that all nodes have granted is given once by both.
 */
import { describe, expect, test } from "vitest";
import type { LockManager, Vote } from "../../src/index.ts";
import { eventually } from "../fixture/eventually.ts";
import { canMoveClocks, type ClockMaster } from "../fixture/shifted-clock.ts";
import { ThreeVoters, ttlMs } from "../fixture/three-voters.ts";

const canMove = await canMoveClocks();
const second = 1_000_000;

interface Jump {
  readonly jump: (clock: ClockMaster, voters: ThreeVoters) => Promise<void>;
  /** Why the second node refuses, or the third, when B goes by the clock of the second. */
  readonly reason: string;
}

/** The clock is ahead until the server has dropped what is over by it, and then right again. */
async function excursion(clock: ClockMaster, voters: ThreeVoters, us: number): Promise<void> {
  const client = voters.client(1);
  await client.ping();
  clock.set(us);
  // To be looked at is enough for a key that is over to be dropped.
  await client.exists("r", "quorumlock:r");
  clock.set(0);
}

const jumps: Record<string, Jump> = {
  "is ahead by more than a ttl from now on": {
    jump: async (clock) => clock.set(2 * second),
    reason: "clock",
  },
  "is ahead by a minute from now on": {
    jump: async (clock) => clock.set(60 * second),
    reason: "clock",
  },
  "is ahead by two seconds for a moment": {
    jump: (clock, voters) => excursion(clock, voters, 2 * second),
    reason: "held",
  },
  "is ahead by a minute for a moment": {
    jump: (clock, voters) => excursion(clock, voters, 60 * second),
    reason: "held",
  },
};

/** Both votes that B gets. */
async function votes(locks: LockManager): Promise<readonly Vote[]> {
  const error: unknown = await locks.acquire("r", { waitMs: 0 }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: expect.stringMatching(/^(NO_QUORUM|LOCK_HELD)$/) });
  return (error as { votes: readonly Vote[] }).votes;
}

function reasonsOf(given: readonly Vote[]): string[] {
  return given.slice(1).flatMap((vote) => (vote.vote === "granted" ? [] : [vote.reason]));
}

describe.skipIf(!canMove).for(Object.entries(jumps))("a clock that %s", ([, { jump, reason }]) => {
  test("is one by which plain Redlock gives the lock twice", async () => {
    const { voters, clock } = await ThreeVoters.withClock();
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    const lock = await a.acquire("r", ttlMs);
    await jump(clock, voters);
    const other = await b.acquire("r", ttlMs);
    expect([lock?.isValid(), other?.isValid()]).toEqual([true, true]);
  });

  test("does not give it to B while A has it, and does not keep it from B for ever", async () => {
    const { voters, clock } = await ThreeVoters.withClock();
    const veteran = await voters.veteran(0);
    const [a, b] = [await voters.ours(2), await voters.ours(0)];
    const lock = await a.acquire("r");
    await jump(clock, voters);
    for (const asker of [veteran, b]) expect(reasonsOf(await votes(asker))).toContain(reason);
    expect(lock.held, "A's lock is not over").toBe(true);
    clock.set(0);
    await lock.release();
    voters.reachAll();
    for (const asker of [veteran, b]) {
      const next = await eventually(() => asker.acquire("r", { waitMs: 0 }));
      expect(next.fencingToken).toBeGreaterThan(lock.fencingToken);
      expect(await next.release()).toBe(true);
    }
  });
});

describe.skipIf(!canMove)("a clock that is a minute ahead", () => {
  test("makes its node one that is not counted, and the others go on", async () => {
    const { voters, clock } = await ThreeVoters.withClock();
    const locks = voters.over((await voters.way()).urls);
    await locks.request("something else", () => 1);
    clock.set(60 * second);
    const lock = await locks.acquire("r");
    await eventually(() => expect(lock.remainingMs).toBeLessThan(1_200));
    await eventually(() => expect(lock.remainingMs).toBeGreaterThan(1_300));
    expect(await lock.release()).toBe(true);
    const other = await voters.ours(0);
    expect(reasonsOf(await votes(other))).toContain("clock");
    // Neither it nor anybody else goes on proposing what was right by that clock alone.
    voters.reachAll();
    expect(await eventually(() => other.request("r", (next) => next.held))).toBe(true);
    clock.set(0);
    for (const name of ["r", "s"]) {
      expect(await eventually(() => other.request(name, (next) => next.held))).toBe(true);
    }
  });
});

describe.skipIf(!canMove)("a clock that is a minute ahead, of one of three who granted it,", () => {
  test("does not make plain Redlock give the lock twice", async () => {
    const { voters, clock } = await ThreeVoters.withClock();
    const [a, b] = [await voters.plain(), await voters.plain()];
    const lock = await a.acquire("r", 10_000);
    const looks = [0, 1, 2].map((index) => voters.client(index));
    for (const client of looks)
      await eventually(async () => expect(await client.exists("r")).toBe(1));
    clock.set(60 * second);
    expect(await looks[1]!.exists("r"), "the node forgets it").toBe(0);
    expect(await b.acquire("r", 10_000)).toBe(undefined);
    expect(lock?.isValid(), "A's lock is not over").toBe(true);
  });

  test("is not counted until it is right again, and A keeps the lock", async () => {
    const { voters, clock } = await ThreeVoters.withClock();
    const [a, b] = [voters.over((await voters.way()).urls), voters.over((await voters.way()).urls)];
    const lock = await a.acquire("r");
    await eventually(() => expect(lock.votes).toBe(3));
    clock.set(60 * second);
    await eventually(async () => {
      const given = await votes(b);
      expect(given.map((vote) => (vote.vote === "granted" ? "" : vote.reason))).toEqual([
        "held",
        // Who answers last is not waited for.
        expect.stringMatching(/^(clock|pending)$/),
        "held",
      ]);
    });
    await eventually(() => expect(lock.votes).toBe(2));
    clock.set(0);
    await eventually(() => expect(lock.votes).toBe(3));
    expect(reasonsOf(await votes(b))).toContain("held");
    expect(await lock.release()).toBe(true);
    const next = await b.acquire("r");
    expect(next.fencingToken).toBeGreaterThan(lock.fencingToken);
  });
});
