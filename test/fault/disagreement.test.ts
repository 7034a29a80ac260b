/**
 * Goal: clients that would use the same nodes in different ways, and nodes that would drop locks,
 * are refused before anything is locked.
 * Method: real masters. Where it is a matter of safety, plain Redlock gives the lock twice in the
 * same schedule.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigurationError, LockManager } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum, type RedisQuorumOptions } from "../../src/redis.ts";
import { PlainRedlock } from "../../src/chaos/adapters/plain-redlock.ts";
import { eventually } from "../fixture/eventually.ts";
import { ThreeVoters, usual } from "../fixture/three-voters.ts";

async function started(count: number): Promise<readonly string[]> {
  const masters = await startMasters({ count });
  onTestFinished(() => masters.close());
  return masters.urls;
}

function plain(urls: readonly string[]): PlainRedlock {
  const client = new PlainRedlock(urls);
  onTestFinished(() => client.close());
  return client;
}

function ours(urls: readonly string[], options: RedisQuorumOptions = usual): LockManager {
  const locks = new LockManager(redisQuorum(urls, options), { ttlMs: 1_000 });
  onTestFinished(() => locks.close());
  return locks;
}

describe("two lists of nodes that have too few in common", () => {
  test("give a lock twice by plain Redlock", async () => {
    const urls = await started(5);
    const [a, b] = [plain(urls.slice(0, 3)), plain(urls.slice(2))];
    const locks = [await a.acquire("r", 10_000), await b.acquire("r", 10_000)];
    expect(locks.map((lock) => lock?.isValid())).toEqual([true, true]);
  });

  test("are refused, whoever comes second, and also with other nodes first", async () => {
    const urls = await started(6);
    const lock = await ours(urls.slice(0, 3)).acquire("r", { renew: false });
    for (const list of [urls.slice(2, 5), [urls[3]!, urls[4]!, urls[0]!]]) {
      const asking = ours(list).acquire("r");
      await expect(asking).rejects.toThrow(ConfigurationError);
      await expect(asking).rejects.toThrow(/belongs to a quorum of which only 1 of 3 nodes/);
    }
    expect(lock.held).toBe(true);
    // None of them has become something else by having been asked.
    expect((await ours(urls.slice(3)).acquire("r")).held).toBe(true);
  });

  test("are refused when they are not even of the same length", async () => {
    const urls = await started(5);
    await ours(urls).acquire("r");
    await expect(ours(urls.slice(0, 3)).acquire("r")).rejects.toThrow(
      /is in use with nodeCount 5, here it is 3/,
    );
  });

  test("are one list when they differ in one node that takes the place of another", async () => {
    const urls = await started(4);
    const lock = await ours(urls.slice(0, 3)).acquire("r");
    expect(await ours(urls.slice(1)).tryAcquire("r")).toBe(null);
    expect(lock.held).toBe(true);
  });
});

test("one server under two names is refused", async () => {
  const [first = "", second = ""] = await started(2);
  const again = second.replace("127.0.0.1", "localhost");
  await expect(ours([first, second, again]).acquire("r")).rejects.toThrow(/are the same server/);
});

describe("clients that do not agree", () => {
  const others: [string, RedisQuorumOptions, RegExp][] = [
    ["on maxTtlMs, more", { maxTtlMs: 60_000 }, /use with maxTtlMs 1500, here it is 60000/],
    ["on maxTtlMs, less", { maxTtlMs: 1_000 }, /use with maxTtlMs 1500, here it is 1000/],
    ["on maxSkewMs", { maxSkewMs: 100 }, /use with maxSkewMs 200, here it is 100/],
    ["on the quorum", { quorum: 3 }, /use with quorum 2, here it is 3/],
  ];

  test.for(others)(
    "%s are refused, also when a node was restarted",
    async ([, option, message]) => {
      const voters = await ThreeVoters.start();
      const urls = voters.masters.map(({ url }) => url);
      const lock = await ours(urls).acquire("r");
      const asking = (): Promise<unknown> => ours(urls, { ...usual, ...option }).acquire("r");
      await expect(asking()).rejects.toThrow(message);
      await voters.victim.kill();
      await voters.victim.start();
      await expect(asking()).rejects.toThrow(message);
      expect(lock.held).toBe(true);
    },
  );
});

describe("a longest ttl that not all know, when the voter in common restarts,", () => {
  const long = { ...usual, maxTtlMs: 10_000 };

  test("gives a lock twice by plain Redlock, though the node stays away for the shorter one", async () => {
    const voters = await ThreeVoters.start();
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    const lock = await a.acquire("r", long.maxTtlMs);
    const short = await b.acquire("something else", 1_000);
    expect(short).toBeDefined();
    await voters.victim.kill();
    await eventually(() => expect(short?.isValid()).toBe(false));
    await voters.victim.start();
    const other = await b.acquire("r", 1_000, 8_000);
    expect([lock?.isValid(), other?.isValid()]).toEqual([true, true]);
  });

  test("is refused to whoever knows the shorter one, and the node waits for the longer", async () => {
    const voters = await ThreeVoters.start();
    const founder = ours(
      voters.masters.map(({ url }) => url),
      long,
    );
    await founder.request("something else", () => 1);
    const [a, b] = [await voters.ours(2, long), await voters.ours(0)];
    const lock = await a.acquire("r", { ttlMs: long.maxTtlMs, renew: false });
    await voters.victim.kill();
    await voters.victim.start();
    const asking = b.acquire("r");
    await expect(asking).rejects.toThrow(ConfigurationError);
    await expect(asking).rejects.toThrow(/is in use with maxTtlMs 10000, here it is 1500/);
    const agreeing = (await voters.ours(0, long)).acquire("r", { waitMs: 0 });
    await expect(agreeing).rejects.toMatchObject({ code: "NO_QUORUM" });
    await expect(agreeing).rejects.toThrow(/without data \d\.\d s ago and votes again in 10\.\d s/);
    expect(lock.held, "A's lock is not over").toBe(true);
  });
});

describe.for(["allkeys-lru", "volatile-ttl"])("a node that may evict keys, by %s,", (policy) => {
  /** Until the lock of the name is gone. */
  async function fill(voters: ThreeVoters, key: string): Promise<void> {
    const client = voters.client(1);
    await client.config("SET", "maxmemory-policy", policy, "maxmemory", "3mb");
    const filling = "x".repeat(1_000);
    for (let batch = 0; batch < 1_000 && (await client.exists(key)) === 1; batch++) {
      const names = Array.from({ length: 100 }, (_, index) => `filling:${batch}:${index}`);
      await Promise.all(names.map((name) => client.set(name, filling, "PX", 60_000 + batch)));
    }
    expect(await client.exists(key)).toBe(0);
  }

  test("gives a lock twice by plain Redlock", async () => {
    const voters = await ThreeVoters.start();
    const [a, b] = [await voters.plain(2), await voters.plain(0)];
    const lock = await a.acquire("r", 20_000);
    await fill(voters, "r");
    const other = await b.acquire("r", 20_000);
    expect([lock?.isValid(), other?.isValid()]).toEqual([true, true]);
  });

  test("is refused", async () => {
    const voters = await ThreeVoters.start();
    const founder = voters.over(voters.masters.map(({ url }) => url));
    await founder.request("something else", () => 1);
    const [a, b] = [await voters.ours(2), await voters.ours(0)];
    const lock = await a.acquire("r");
    await voters.client(1).config("SET", "maxmemory-policy", policy);
    const asking = b.acquire("r");
    await expect(asking).rejects.toThrow(ConfigurationError);
    await expect(asking).rejects.toThrow(/may evict locks/);
    expect(lock.held).toBe(true);
  });
});
