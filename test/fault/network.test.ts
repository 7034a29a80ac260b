/**
 * Goal: requests that come late and replies that never come leave no lock behind that nobody holds.
 * Method: proxies before real masters that hold bytes back, deliver them later, or break connections.
 */
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { afterEach, describe, expect, test } from "vitest";
import { QuorumError } from "../../src/index.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";
import { Proxy } from "../../src/chaos/network/proxy.ts";

const cluster = useCluster(3);
let proxies: Proxy[] = [];

/** Masters behind one proxy each. */
async function behindProxies(): Promise<Proxy[]> {
  proxies = await Promise.all(cluster.urls().map((url) => Proxy.to(url)));
  return proxies;
}

afterEach(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  proxies = [];
});

/** How many scripts a master has run. */
async function scriptCalls(index: number): Promise<number> {
  const stats = await cluster.client(index).info("commandstats");
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

const options = { roundTimeoutMs: 100 };
const defaults = { ttlMs: 60_000 };

describe("a slow network", () => {
  test("slows a lock down to its round trip, and no more", async () => {
    const nodes = await behindProxies();
    for (const proxy of nodes) proxy.delay(30);
    const locks = cluster.locks({ nodes: nodes.map(({ url }) => url) });
    await locks.request("warm up", () => 1);
    const start = performance.now();
    expect(await locks.request("r", (lock) => lock.held)).toBe(true);
    const roundTrips = (performance.now() - start) / 60;
    expect(roundTrips).toBeLessThan(4);
  });

  test("of one node does not matter", async () => {
    const nodes = await behindProxies();
    nodes[0]!.delay(2_000);
    const locks = cluster.locks({ nodes: nodes.map(({ url }) => url), options });
    await locks.request("warm up", () => 1);
    const start = performance.now();
    expect(await locks.request("r", (lock) => lock.held)).toBe(true);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test("slower than a round is no quorum, and what is granted late is given back", async () => {
    const nodes = await behindProxies();
    const locks = cluster.locks({ nodes: nodes.map(({ url }) => url), options, defaults });
    await locks.request("warm up", () => 1);
    for (const proxy of nodes) proxy.delay(300);
    const before = await Promise.all([0, 1, 2].map(scriptCalls));
    await expect(locks.acquire("r")).rejects.toThrow(QuorumError);
    for (const index of [0, 1, 2]) {
      // The acquire and the release both came, in this order.
      await eventually(async () => expect(await scriptCalls(index)).toBe(before[index]! + 2));
      expect(await cluster.keys(index)).toEqual([]);
    }
  });
});

describe("requests that are held back", () => {
  test("and delivered after the release on a new connection are kept out by its tombstone", async () => {
    const nodes = await behindProxies();
    const locks = cluster.locks({ nodes: nodes.map(({ url }) => url), options, defaults });
    const other = cluster.locks();
    await locks.request("warm up", () => 1);
    for (const proxy of nodes) proxy.hold("requests");
    await expect(locks.acquire("r")).rejects.toThrow(QuorumError);
    // The router forgets the clients' connections; the servers' ends and what was held live on.
    for (const proxy of nodes) proxy.breakClients();
    const before = nodes.map(({ heldCount }) => heldCount);
    expect(before.every((count) => count > 0)).toBe(true);
    const direct = cluster.locks({ nodes: nodes.map(({ url }) => url), options, defaults });
    for (const proxy of nodes) proxy.deliver("requests");
    await eventually(async () => expect((await direct.acquire("other")).held).toBe(true));
    await eventually(async () => expect((await other.acquire("r", { waitMs: 0 })).held).toBe(true));
  });
});

describe("replies that are held back", () => {
  const clients = {
    "ioredis 6": (url: string) => new Redis(url, { lazyConnect: true }),
    "ioredis 5": (url: string) => new Redis5(url, { lazyConnect: true }),
  };

  test.for(Object.entries(clients))(
    "until the connection breaks leave no lock behind, whatever a client of %s would do",
    async ([, client]) => {
      const nodes = await behindProxies();
      // The caller's clients have all the defaults: offline queue, re-sending, no timeouts.
      const models = nodes.map(({ url }) => client(url));
      const locks = cluster.locks({ nodes: models, options, defaults });
      const other = cluster.locks();
      await locks.request("warm up", () => 1);
      const before = await Promise.all([0, 1, 2].map(scriptCalls));
      for (const proxy of nodes) proxy.hold("replies");
      await expect(locks.acquire("r")).rejects.toThrow(QuorumError);
      for (const [index, proxy] of nodes.entries()) {
        // Acquire and release were executed; the client knows nothing of it.
        await eventually(async () => expect(await scriptCalls(index)).toBe(before[index]! + 2));
        expect(await cluster.keys(index)).toEqual([]);
        proxy.breakClients();
        proxy.deliver("replies");
      }
      await eventually(async () => expect((await locks.tryAcquire("r"))?.held).toBe(true));
      expect((await other.inspect("r")).holders).toHaveLength(1);
      for (const model of models) model.disconnect();
    },
  );

  test("while a lock is held cost it nothing but the renewals that they belong to", async () => {
    const nodes = await behindProxies();
    const brief = { ttlMs: 600 };
    const locks = cluster.locks({ nodes: nodes.map(({ url }) => url), options, defaults: brief });
    const lock = await locks.acquire("r");
    for (const proxy of nodes) proxy.hold("replies");
    await eventually(() => expect(lock.remainingMs).toBeLessThan(250));
    for (const proxy of nodes) proxy.deliver("replies");
    await eventually(() => expect(lock.remainingMs).toBeGreaterThan(400));
    expect(await lock.release()).toBe(true);
  });
});

test("connections that are refused at first and accepted later are used then", async () => {
  const nodes = await behindProxies();
  for (const proxy of nodes) proxy.refuse(true);
  const locks = cluster.locks({ nodes: nodes.map(({ url }) => url), options });
  await expect(locks.acquire("r")).rejects.toThrow(QuorumError);
  for (const proxy of nodes) proxy.refuse(false);
  await eventually(async () => expect((await locks.acquire("r")).held).toBe(true));
});

describe("forceRelease", () => {
  test("that arrives late does not hit who came after those that were meant", async () => {
    const nodes = await behindProxies();
    const urls = nodes.map(({ url }) => url);
    const forcing = cluster.locks({ nodes: urls, options });
    const holders = cluster.locks();
    const first = await holders.acquire("r");
    expect((await forcing.inspect("r")).state).toBe("held");
    for (const proxy of nodes) proxy.hold("requests");
    const forced = forcing.forceRelease("r");
    await expect(forced).rejects.toThrow(QuorumError);
    await first.release();
    const second = await holders.acquire("r");
    for (const proxy of nodes) proxy.deliver("requests");
    await forcing.inspect("r");
    await second.extend();
    expect(second.held).toBe(true);
  });
});

describe("close", () => {
  test("waits for the releases under way, also where the server has to be told the script again", async () => {
    const locks = cluster.locks({ defaults: { ttlMs: 60_000 } });
    const lock = await locks.acquire("r");
    for (let index = 0; index < 3; index++) await cluster.client(index).script("FLUSH");
    const releasing = lock.release();
    await locks.close();
    expect(await releasing).toBe(true);
    await eventually(async () => {
      for (let index = 0; index < 3; index++) expect(await cluster.keys(index)).toEqual([]);
    });
  });
});
