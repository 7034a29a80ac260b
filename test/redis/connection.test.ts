/**
 * Goal: nodes are reached the way the caller says (URL, options, client; TLS, user, database, prefix), over
 * connections of our own that are closed, while the caller's are left alone.
 * Method: real servers that are set up that way, and their lists of clients.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { describe, expect, test } from "vitest";
import { NotAsked } from "../../src/quorum/lock-node.ts";
import type { RedisNodeAddress } from "../../src/redis.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";
import { Junction } from "../fixture/junction.ts";
import { ioredisVersions, redisNode } from "../fixture/redis.ts";
import { queueIn } from "../fixture/record.ts";

const cluster = useCluster(3);

/** How many connections a master has, without the one that asks. */
async function connections(index: number): Promise<number> {
  const list = String(await cluster.client(index).call("CLIENT", "LIST", "TYPE", "normal"));
  return list.trim().split("\n").length - 1;
}

async function allConnections(): Promise<number[]> {
  return Promise.all([0, 1, 2].map(connections));
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe("nodes are given", () => {
  const kinds: Record<string, (url: string) => RedisNodeAddress> = {
    URLs: (url: string) => url,
    "URLs with a query": (url: string) => `${url}?family=4`,
    options: (url: string) => ({ host: "127.0.0.1", port: portOf(url) }),
    "clients of ioredis 6": (url: string) => new Redis(url, { lazyConnect: true }),
    "clients of ioredis 5": (url: string) => new Redis5(url, { lazyConnect: true }),
  };

  test.for(Object.entries(kinds))("as %s", async ([, node]) => {
    const locks = cluster.locks({ nodes: cluster.urls().map(node) });
    expect(await locks.request("r", (lock) => lock.held)).toBe(true);
    const { nodes } = await locks.inspect("r");
    const names = cluster.urls().map((url) => `127.0.0.1:${portOf(url)}`);
    expect(nodes.map((report) => report.node)).toEqual(names);
  });

  test.for(Object.entries(ioredisVersions))(
    "as %s that are cut off during the greeting: they connect anew",
    async ([, client]) => {
      await using masters = await startMasters({ count: 1 });
      const junction = await Junction.to(masters.urls[0] ?? "");
      junction.cutNext();
      const locks = cluster.locks({ nodes: [client(junction.url)] });
      await expect(locks.acquire("r")).rejects.toThrow("127.0.0.1");
      await eventually(async () => expect(await (await locks.acquire("r")).release()).toBe(true));
      await locks.close();
      await junction.close();
    },
  );

  test("in another database, which is another key space", async () => {
    const nodes = cluster.urls().map((url) => `${url}/3`);
    const [here, there] = [cluster.locks(), cluster.locks({ nodes })];
    const both = [await here.acquire("r"), await there.acquire("r")];
    expect(both.map((lock) => lock.held)).toEqual([true, true]);
    expect((await there.inspect("r")).nodes[0]?.node).toMatch(/:\d+\/3$/);
    expect(await cluster.keys(0)).toEqual(["quorumlock:r"]);
  });

  test("in a database that there is not: the node does not vote from another one", async () => {
    const nodes = cluster.urls().map((url) => `${url}/99`);
    await expect(cluster.locks({ nodes }).acquire("r")).rejects.toThrow(/DB index is out of range/);
    expect(await cluster.keys(0)).toEqual([]);
  });

  test("with a prefix, ours and the client's", async () => {
    const mine = cluster.locks({ options: { keyPrefix: "mine:" } });
    const clients = cluster
      .urls()
      .map((url) => new Redis(url, { keyPrefix: "app:", lazyConnect: true }));
    const theirs = cluster.locks({ nodes: clients });
    const both = [await mine.acquire("r"), await theirs.acquire("r")];
    expect(both.map((lock) => lock.held)).toEqual([true, true]);
    expect((await cluster.keys(0)).toSorted()).toEqual(["app:quorumlock:r", "mine:r"]);
  });

  test("over TLS, with a user and a password that has only what the documentation lists", async () => {
    const at = (file: string) => fileURLToPath(new URL(`../fixture/tls/${file}`, import.meta.url));
    const files = ["--tls-cert-file", at("cert.pem"), "--tls-key-file", at("key.pem")];
    const tlsPort = 20_000 + Math.floor(Math.random() * 10_000);
    const serverArguments = ["--tls-port", String(tlsPort), "--tls-auth-clients", "no", ...files];
    await using masters = await startMasters({ count: 1, serverArguments });
    const admin = new Redis(masters.urls[0] ?? "");
    const commands =
      "info evalsha eval script|load get set hgetall hset hdel del time pttl pexpireat hello";
    const permissions = commands.split(" ").map((command) => `+${command}`);
    const reach = ["~quorumlock:*", "&quorumlock:wake:*", "+publish", "+subscribe"];
    await admin.acl("SETUSER", "locker", "on", ">s3cret", "-@all", ...reach, ...permissions);
    admin.disconnect();
    const ca = await readFile(at("cert.pem"), "utf8");
    const options = {
      host: "127.0.0.1",
      port: tlsPort,
      username: "locker",
      password: "s3cret",
      tls: { ca },
    };
    for (const node of [options, new Redis5({ ...options, lazyConnect: true })]) {
      const locks = cluster.locks({ nodes: [node] });
      const lock = await locks.acquire("r", { mode: "shared" });
      await lock.extend();
      // Told, or it would ask again after the test is over.
      const other = cluster.locks({ nodes: [node], defaults: { retryDelayMs: 60_000 } });
      const next = other.acquire("r", { waitMs: Infinity });
      const key = new Redis(masters.urls[0] ?? "");
      await eventually(async () => expect(await queueIn(key, "quorumlock:r")).toMatch(/^w /));
      key.disconnect();
      expect(await lock.release()).toBe(true);
      await (await next).release();
      expect(await locks.forceRelease("r")).toBe(false);
      const many = await Promise.all(["a", "b", "c"].map((name) => locks.acquire(name)));
      expect(await Promise.all(many.map((each) => each.release()))).toEqual([true, true, true]);
    }
    const untrusting = cluster.locks({ nodes: [{ ...options, tls: {} }] });
    await expect(untrusting.acquire("r")).rejects.toThrow(/certificate/);
  });
});

describe("connections", () => {
  test("are opened with the first use, one for each node, and closed with the manager", async () => {
    const before = await allConnections();
    const locks = cluster.locks();
    expect(await allConnections()).toEqual(before);
    await Promise.all(["a", "b", "c"].map((name) => locks.request(name, () => 1)));
    expect(await allConnections()).toEqual(before.map((count) => count + 1));
    await locks.close();
    await eventually(async () => expect(await allConnections()).toEqual(before));
  });

  test("of the caller are not used, not changed and not closed", async () => {
    const clients = cluster.urls().map((url) => new Redis(url));
    await Promise.all(clients.map((client) => client.ping()));
    const options = clients.map((client) => ({ ...client.options }));
    const listeners = clients.map((client) => client.eventNames().length);
    const locks = cluster.locks({ nodes: clients });
    // A client that blocks, or is in the middle of something, does not hold up a vote.
    const blocked = clients.map((client) => client.blpop("nothing", 0));
    expect(await locks.request("r", (lock) => lock.held)).toBe(true);
    await locks.close();
    expect(clients.map((client) => client.status)).toEqual(["ready", "ready", "ready"]);
    expect(clients.map((client) => client.options)).toEqual(options);
    expect(clients.map((client) => client.eventNames().length)).toEqual(listeners);
    for (let index = 0; index < 3; index++) await cluster.client(index).rpush("nothing", "x");
    expect(await Promise.all(blocked)).toEqual(Array.from({ length: 3 }, () => ["nothing", "x"]));
    for (const client of clients) client.disconnect();
  });

  test("to a server that is not there tell all who ask why, and make one error for them", async () => {
    const node = redisNode(new Redis("redis://127.0.0.1:1", { lazyConnect: true }));
    try {
      await node.open();
      const asked = ["a", "b"].map((owner) => node.forceRelease("r", [owner]));
      const [one, other] = await Promise.allSettled(asked);
      expect(one).toMatchObject({ status: "rejected", reason: expect.any(NotAsked) });
      expect(one).toMatchObject({ reason: { message: expect.stringContaining("ECONNREFUSED") } });
      expect((one as PromiseRejectedResult).reason).toBe((other as PromiseRejectedResult).reason);
    } finally {
      await node.close();
    }
  });

  test("that are ended by an operator come back by themselves", async () => {
    const locks = cluster.locks();
    await locks.request("r", () => 1);
    for (let index = 0; index < 3; index++)
      await cluster.client(index).call("CLIENT", "KILL", "TYPE", "normal");
    await eventually(async () => expect((await locks.tryAcquire("r"))?.held).toBe(true));
  });
});

test("two managers may share a backend: it is closed with the last of them", async () => {
  const { LockManager } = await import("../../src/index.ts");
  const { redisQuorum } = await import("../../src/redis.ts");
  const backend = redisQuorum(cluster.urls());
  const [a, b] = [new LockManager(backend), new LockManager(backend)];
  const lock = await a.acquire("r");
  expect(await b.tryAcquire("r")).toBe(null);
  await a.close();
  expect(lock.held).toBe(false);
  expect((await b.tryAcquire("r"))?.held).toBe(true);
  await b.close();
  await expect(new LockManager(backend).acquire("r")).rejects.toThrow(/backend has been closed/);
});
