/**
 * Goal: many nodes that forget, one after the other or all at once, do not give a lock twice, and
 * what can go on does go on.
 * Method: directed schedules on real masters without persistence. Where it is a matter of safety,
 * plain Redlock gives the lock twice in the same schedule.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import type { NodeReport } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum, type NodeEvent } from "../../src/redis.ts";
import { LockManager, QuorumError } from "../../src/index.ts";
import { eventually } from "../fixture/eventually.ts";
import { ThreeVoters, usual } from "../fixture/three-voters.ts";

async function restart(voters: ThreeVoters): Promise<void> {
  for (const master of voters.masters) await master.kill();
  for (const master of voters.masters) await master.start();
}

/** For how long a node that answers does not vote; -1 when it does not answer. */
function waitOf(report: NodeReport | undefined): number {
  return report === undefined || report.answer === "unknown" ? -1 : report.votesInMs;
}

describe("a command that was on its way when its server was killed", () => {
  test("is sent again by ioredis as it comes, to the empty server: given twice", async () => {
    const voters = await ThreeVoters.start();
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    expect(await b.acquire("warm up", 10_000, 8_000)).toBeDefined();
    const lock = await a.acquire("r", 10_000);
    await voters.victim.pause();
    const acquiring = b.acquire("r", 10_000, 8_000);
    await voters.victim.kill();
    await voters.victim.start();
    expect([lock?.isValid(), (await acquiring)?.isValid()]).toEqual([true, true]);
  });

  test("is not sent again by ours", async () => {
    const voters = await ThreeVoters.start();
    const b = await voters.veteran(0);
    const a = await voters.ours(2);
    const lock = await a.acquire("r");
    await voters.victim.pause();
    const acquiring = b.acquire("r", { waitMs: 0 });
    const failure = expect(acquiring).rejects.toThrow(QuorumError);
    await voters.victim.kill();
    await voters.victim.start();
    await failure;
    await eventually(() =>
      expect(b.acquire("r", { waitMs: 0 })).rejects.toThrow(/was found without data/),
    );
    expect(lock.held).toBe(true);
  });
});

describe("masters that all lose their data while somebody holds a lock", () => {
  test("give it twice by plain Redlock", async () => {
    const voters = await ThreeVoters.start();
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    const lock = await a.acquire("r", 10_000);
    await restart(voters);
    const other = await b.acquire("r", 10_000, 8_000);
    expect([lock?.isValid(), other?.isValid()]).toEqual([true, true]);
  });

  test.for(["quarantine", "auto"] as const)(
    "wait before they vote, with freshNodes: %s",
    async (freshNodes) => {
      const voters = await ThreeVoters.start();
      const options = { ...usual, freshNodes };
      const founder = voters.over(
        voters.masters.map(({ url }) => url),
        options,
      );
      await eventually(() => founder.request("something else", { waitMs: 0 }, () => 1));
      const way = await voters.way();
      const a = voters.over(way.urls, options);
      // With `auto` it takes somebody who knows that they are not new.
      const [veteran, fresh] = [await voters.veteran(0, options), await voters.ours(0, options)];
      const b = freshNodes === "auto" ? veteran : fresh;
      const lock = await a.acquire("r");
      // A works on, and tells nobody anything.
      for (const index of [0, 1, 2]) way.cutOff(index);
      await founder.close();
      if (freshNodes === "quarantine") await veteran.close();
      await restart(voters);
      await eventually(() =>
        expect(b.acquire("r", { waitMs: 0 })).rejects.toThrow(/found without data.*votes again in/),
      );
      expect(lock.held, "A's lock is not over").toBe(true);
      expect((await eventually(() => b.acquire("r", { waitMs: 0 }))).held).toBe(true);
      expect(lock.held).toBe(false);
    },
  );
});

describe("five masters that are started anew, one after the other,", () => {
  interface Rolling {
    readonly a: LockManager;
    readonly b: LockManager;
    /** Restarts them; calls back when the next one votes again. */
    readonly roll: (whenBack: (index: number) => Promise<void>) => Promise<void>;
  }

  async function rolling(): Promise<Rolling> {
    const masters = await startMasters({ count: 5 });
    onTestFinished(() => masters.close());
    const options = { maxTtlMs: 1_000, maxSkewMs: 100, roundTimeoutMs: 200 };
    const over = (): LockManager => {
      const locks = new LockManager(redisQuorum(masters.urls, options), { ttlMs: 1_000 });
      onTestFinished(() => locks.close());
      return locks;
    };
    const [a, b] = [over(), over()];
    const roll: Rolling["roll"] = async (whenBack) => {
      for (const [index, master] of masters.all.entries()) {
        await master.kill();
        await master.start();
        const wait = async (): Promise<number> => waitOf((await b.inspect("r")).nodes[index]);
        await eventually(async () => expect(await wait()).toBeGreaterThan(0));
        await eventually(async () => expect(await wait()).toBe(0));
        await whenBack(index);
      }
    };
    return { a, b, roll };
  }

  test("do not cost a lock, when each has been told of it before the next one", async () => {
    const { a, b, roll } = await rolling();
    const lock = await a.acquire("r");
    await roll(async () => {
      await eventually(async () => {
        expect((await b.inspect("r")).holders[0]?.nodes).toHaveLength(5);
      });
      expect(await b.tryAcquire("r")).toBe(null);
      expect(lock.held).toBe(true);
    });
    expect(await lock.release()).toBe(true);
    expect(await b.request("r", (next) => next.held)).toBe(true);
  }, 40_000);

  test("do not cost it either when somebody asks for it all the time, and has it nowhere", async () => {
    const { a, b, roll } = await rolling();
    const lock = await a.acquire("r");
    let isRolling = true;
    let askedCount = 0;
    const askAgain = async (): Promise<void> => {
      for (; isRolling; askedCount++) {
        const other = await b.acquire("r", { waitMs: 300 }).catch(() => undefined);
        expect(other, "B was granted what A holds").toBe(undefined);
      }
    };
    const asking = askAgain();
    await roll(() => Promise.resolve()).finally(() => (isRolling = false));
    await asking;
    expect(askedCount).toBeGreaterThan(5);
    expect(lock.held).toBe(true);
    expect(await lock.release()).toBe(true);
  }, 40_000);
});

test("new masters vote at once, and say that they are new", async () => {
  const masters = await startMasters({ count: 5 });
  onTestFinished(() => masters.close());
  const events: NodeEvent[] = [];
  const onEvent = (event: NodeEvent): void => void events.push(event);
  const locks = new LockManager(redisQuorum(masters.urls, { onEvent }));
  onTestFinished(() => locks.close());
  const start = performance.now();
  expect(await locks.request("r", (lock) => lock.held)).toBe(true);
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(events.map(({ type, votesInMs }) => [type, votesInMs])).toEqual(
    Array.from({ length: 5 }, () => ["founded", 0]),
  );
});
