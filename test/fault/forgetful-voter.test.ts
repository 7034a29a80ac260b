/**
 * Goal: one node that forgets does not give a lock twice: it does not vote until every lock that
 * it may have voted for is over.
 * Method: directed schedules on real masters. Three nodes; A holds the lock with the first and the
 * second and does not reach the third; the second is hurt; B reaches the second and the third.
 * Plain Redlock gives the lock to both, which shows that the schedule bites; ours does not.
 */
import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LockManager, UnknownVote } from "../../src/index.ts";
import { startMasters, type MastersOptions } from "../../src/masters/masters.ts";
import { eventually } from "../fixture/eventually.ts";
import { Proxy } from "../../src/chaos/network/proxy.ts";
import { ThreeVoters } from "../fixture/three-voters.ts";

interface Row {
  readonly options?: Omit<MastersOptions, "count">;
  /** Prepares, before A takes the lock, what happens after it. */
  readonly fault: (voters: ThreeVoters) => Promise<() => Promise<unknown>>;
  /** What plain Redlock makes of it. */
  readonly plain: "given twice" | "given once";
  /** What the node says of itself. */
  readonly why: "was found restarted" | "was found without data";
}

const rows: Record<string, Row> = {
  "is killed and started again at once, without persistence": {
    fault:
      async ({ victim }) =>
      async () => {
        await victim.kill();
        await victim.start();
      },
    plain: "given twice",
    why: "was found without data",
  },
  "is killed and started again with all its data": {
    options: { isPersistent: true },
    fault:
      async ({ victim }) =>
      async () => {
        await victim.kill();
        await victim.start();
      },
    plain: "given once",
    why: "was found restarted",
  },
  "loses its power, and with it the last second of its append-only file": {
    options: { isPersistent: true },
    fault: async (voters) => {
      const folder = join(await folderOf(voters), "appendonlydir");
      const names = await readdir(folder);
      const file = join(folder, names.find((name) => name.endsWith(".incr.aof")) ?? "");
      const { size } = await stat(file);
      return async () => {
        await voters.victim.kill();
        await truncate(file, size);
        await voters.victim.start();
      };
    },
    plain: "given twice",
    why: "was found restarted",
  },
  "is started with an old snapshot": {
    fault: async (voters) => {
      await voters.client(1).save();
      const file = join(await folderOf(voters), "dump.rdb");
      const old = await readFile(file);
      return async () => {
        await voters.victim.kill();
        await writeFile(file, old);
        await voters.victim.start();
      };
    },
    plain: "given twice",
    why: "was found restarted",
  },
  "is emptied by FLUSHALL": {
    fault: async (voters) => () => voters.client(1).flushall(),
    plain: "given twice",
    why: "was found without data",
  },
  "dies, and a replica that lags behind takes its place": {
    fault: async (voters) => {
      const replica = await laggingReplica(voters);
      return async () => {
        await voters.victim.kill();
        await replica.promote();
        voters.junction.point(replica.url);
      };
    },
    plain: "given twice",
    why: "was found restarted",
  },
};

async function folderOf(voters: ThreeVoters): Promise<string> {
  const [, folder = ""] = await voters.client(1).config("GET", "dir");
  return folder;
}

/** A replica of the second master that knows all until now, and nothing of what comes. */
async function laggingReplica(
  voters: ThreeVoters,
): Promise<{ readonly url: string; readonly promote: () => Promise<unknown> }> {
  await voters.client(1).config("SET", "repl-diskless-sync-delay", "0");
  const link = await Proxy.to(voters.victim.url);
  onTestFinished(() => link.close());
  const masters = await startMasters({ count: 1 });
  onTestFinished(() => masters.close());
  const url = masters.urls[0] ?? "";
  const replica = new Redis(url);
  onTestFinished(() => replica.disconnect());
  await replica.replicaof("127.0.0.1", new URL(link.url).port);
  await eventually(async () => {
    expect(await replica.info("replication")).toContain("master_link_status:up");
  });
  link.hold("replies");
  return { url, promote: () => replica.replicaof("NO", "ONE") };
}

/** What the second node says to a client that asks for the lock. */
async function secondVote(locks: LockManager): Promise<UnknownVote> {
  const error: unknown = await locks.acquire("r", { waitMs: 0 }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "NO_QUORUM" });
  const { votes, message } = error as { votes: UnknownVote[]; message: string };
  const vote = votes[1]!;
  expect(message).toContain(vote.message);
  return vote;
}

describe.for(Object.entries(rows))("a voter that %s", ([, { options, fault, plain, why }]) => {
  test(`is one by which plain Redlock gives the lock: ${plain}`, async () => {
    const voters = await ThreeVoters.start(options);
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    const hurt = await fault(voters);
    const lock = await a.acquire("r", 10_000);
    expect(lock?.isValid()).toBe(true);
    await hurt();
    const second = await b.acquire("r", 10_000, plain === "given twice" ? 8_000 : 500);
    expect(second !== undefined).toBe(plain === "given twice");
    expect(lock?.isValid(), "A's lock is not over").toBe(true);
  });

  test("does not vote until A's lock is over, and says so", async () => {
    const voters = await ThreeVoters.start(options);
    const veteran = await voters.veteran(0);
    const [a, b] = [await voters.ours(2), await voters.ours(0)];
    const hurt = await fault(voters);
    const lock = await a.acquire("r");
    await hurt();
    const askers = [veteran, b];
    for (const asker of askers) {
      await eventually(async () => {
        const vote = await secondVote(asker);
        expect(vote.message).toMatch(
          new RegExp(`^${why} \\d\\.\\d s ago and votes again in \\d\\.\\d s$`),
        );
        expect(vote.reason).toBe("quarantined");
      });
    }
    expect(lock.held, "A's lock is not over").toBe(true);
    const next = await eventually(() =>
      Promise.any(askers.map((asker) => asker.acquire("r", { waitMs: 0 }))),
    );
    expect(lock.held).toBe(false);
    expect(next.fencingToken).toBeGreaterThan(lock.fencingToken);
    const { nodes } = await b.inspect("r");
    expect(nodes[1]).toMatchObject({ answer: "held", votesInMs: 0, why: "" });
  });
});
