/**
 * Goal: a server that must not or cannot vote says so in the error, each in its own words, and nothing
 * that is not ours is overwritten.
 * Method: real servers that are configured that way.
 */
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { ConfigurationError, type LockManager, type UnknownVote } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";
import { loadingServer } from "../fixture/loading-server.ts";

const cluster = useCluster(3);

/** What the nodes said to an acquire that failed. */
async function faults(locks: LockManager, resource = "r"): Promise<UnknownVote[]> {
  const error: unknown = await locks.acquire(resource, { waitMs: 0 }).catch((e: unknown) => e);
  const { votes, message } = error as { votes: UnknownVote[]; message: string };
  const unknown = votes.filter((vote) => vote.vote === "unknown" && vote.reason !== "pending");
  for (const vote of unknown) expect(message).toContain(vote.message);
  return unknown;
}

function reasons(votes: readonly UnknownVote[]): string[] {
  return votes.map((vote) => vote.reason);
}

describe("a list of nodes that cannot be a quorum", () => {
  test("is refused when two addresses are one server, found by its run id", async () => {
    const [first = "", second = ""] = cluster.urls();
    const again = first.replace("127.0.0.1", "localhost");
    const locks = cluster.locks({ nodes: [first, second, again] });
    const acquiring = locks.acquire("r");
    await expect(acquiring).rejects.toThrow(ConfigurationError);
    await expect(acquiring).rejects.toThrow(/are the same server \(run id [0-9a-f]{40}\)/);
    expect(await cluster.keys(0)).toEqual([]);
  });

  test("is refused when two databases are one server", async () => {
    const [first = "", second = ""] = cluster.urls();
    const locks = cluster.locks({ nodes: [first, second, `${first}/1`] });
    await expect(locks.tryAcquire("r")).rejects.toThrow(/the same server/);
  });

  test("is refused when a node is a replica, and good when it is a master again", async () => {
    const port = new URL(cluster.urls()[0] ?? "").port;
    await cluster.client(2).replicaof("127.0.0.1", port);
    const locks = cluster.locks();
    await expect(locks.acquire("r")).rejects.toThrow(/is a replica.*Give its master instead/);
    await cluster.client(2).replicaof("NO", "ONE");
    expect((await locks.acquire("r")).held).toBe(true);
  });

  test("is refused when a node may evict locks, and good when it does not any more", async () => {
    await cluster.client(1).config("SET", "maxmemory-policy", "volatile-ttl");
    const locks = cluster.locks();
    const asking = locks.request("r", () => 1);
    await expect(asking).rejects.toThrow(/maxmemory-policy is volatile-ttl/);
    await cluster.client(1).config("SET", "maxmemory-policy", "noeviction");
    expect((await locks.acquire("r")).held).toBe(true);
  });
});

describe("a node that cannot vote any more", () => {
  test("because it became a replica says READONLY, and the others go on", async () => {
    const locks = cluster.locks();
    await locks.request("warm up", () => 1);
    const port = new URL(cluster.urls()[0] ?? "").port;
    await cluster.client(2).replicaof("127.0.0.1", port);
    expect((await locks.acquire("r")).held).toBe(true);
    await cluster.client(1).replicaof("127.0.0.1", port);
    expect(reasons(await faults(locks, "s"))).toEqual(["READONLY", "READONLY"]);
    for (const index of [1, 2]) await cluster.client(index).replicaof("NO", "ONE");
  });

  test("because its memory is full says OOM; what is held can still be released", async () => {
    const locks = cluster.locks();
    const lock = await locks.acquire("held");
    for (const index of [0, 1]) await cluster.client(index).config("SET", "maxmemory", "1");
    expect(reasons(await faults(locks))).toEqual(["OOM", "OOM"]);
    expect(await lock.release()).toBe(true);
    for (const index of [0, 1]) await cluster.client(index).config("SET", "maxmemory", "0");
  });

  test("because it wants a password says NOAUTH, a wrong one WRONGPASS", async () => {
    await using masters = await startMasters({
      count: 1,
      serverArguments: ["--requirepass", "pw"],
    });
    const [url = ""] = masters.urls;
    const wrong = url.replace("redis://", "redis://:wrong@");
    const right = url.replace("redis://", "redis://:pw@");
    expect(reasons(await faults(cluster.locks({ nodes: [url] })))).toEqual(["NOAUTH"]);
    const [vote] = await faults(cluster.locks({ nodes: [wrong] }));
    expect(vote?.reason).toBe("WRONGPASS");
    expect(JSON.stringify(vote)).not.toContain("wrong");
    expect((await cluster.locks({ nodes: [right] }).acquire("r")).held).toBe(true);
  });

  test("because its user may not says NOPERM, and which permission is missing", async () => {
    const admin = cluster.client(0);
    await admin.acl("SETUSER", "locker", "on", ">pw", "~*", "+evalsha", "+eval", "+time", "+get");
    const url = (cluster.urls()[0] ?? "").replace("redis://", "redis://locker:pw@");
    const [vote] = await faults(cluster.locks({ nodes: [url] }));
    expect(vote?.reason).toBe("NOPERM");
    expect(vote?.message).toContain("info");
    await admin.acl("DELUSER", "locker");
  });

  test("because it is a cluster that keeps the key elsewhere says MOVED or CLUSTERDOWN", async () => {
    await using masters = await startMasters({
      count: 1,
      serverArguments: ["--cluster-enabled", "yes"],
    });
    const [vote] = await faults(cluster.locks({ nodes: masters.urls }));
    expect(vote?.reason).toBe("CLUSTERDOWN");
    const client = new Redis(masters.urls[0] ?? "");
    await client.cluster("ADDSLOTSRANGE", 0, 100);
    await client.config("SET", "cluster-require-full-coverage", "no");
    await eventually(async () => {
      const votes = await faults(cluster.locks({ nodes: masters.urls }));
      expect(["CLUSTERDOWN", "MOVED"]).toContain(votes[0]?.reason);
    });
    client.disconnect();
  });

  test("because it is busy with a script says BUSY", async () => {
    const locks = cluster.locks({ options: { roundTimeoutMs: 400 } });
    await locks.request("warm up", () => 1);
    for (const index of [0, 1]) {
      await cluster.client(index).config("SET", "lua-time-limit", "1");
      void cluster
        .client(index)
        .eval("while true do end", 0)
        .catch(() => {});
    }
    await eventually(async () => expect(reasons(await faults(locks))).toEqual(["BUSY", "BUSY"]));
    for (const index of [0, 1]) {
      const killer = new Redis(cluster.urls()[index] ?? "", { enableReadyCheck: false });
      await killer.script("KILL");
      killer.disconnect();
    }
    await eventually(async () => expect((await locks.acquire("r")).held).toBe(true));
  });

  test("because it is loading its data says LOADING, and votes when it is done", async () => {
    await using server = await loadingServer();
    const locks = cluster.locks({ nodes: [server.url] });
    await eventually(async () => expect(reasons(await faults(locks))).toEqual(["LOADING"]));
    await eventually(async () => expect((await locks.acquire("r")).held).toBe(true));
  });
});

describe("foreign data under a lock's key", () => {
  test.for(["string", "list", "hash"])(
    "a %s is refused, named, and left as it is",
    async (type) => {
      const locks = cluster.locks();
      const key = "quorumlock:invoice";
      for (const index of [0, 1]) {
        const client = cluster.client(index);
        if (type === "string") await client.set(key, "42 euros");
        else if (type === "list") await client.rpush(key, "42 euros");
        else await client.hset(key, "amount", "42 euros");
      }
      const acquiring = locks.acquire("invoice");
      await expect(acquiring).rejects.toThrow(ConfigurationError);
      await expect(acquiring).rejects.toThrow(/"invoice" lies data that is not a lock/);
      await expect(locks.forceRelease("invoice")).rejects.toThrow(ConfigurationError);
      const { nodes } = await locks.inspect("invoice");
      expect(nodes.map(({ answer }) => answer)).toEqual(["unknown", "unknown", "free"]);
      for (const index of [0, 1]) {
        expect(await cluster.client(index).type(key)).toBe(type);
        expect(await cluster.client(index).pttl(key)).toBe(-1);
      }
      expect(await cluster.keys(2)).toEqual([]);
    },
  );

  test.for(["string", "hash"])("a %s among many that are asked for at once, too", async (type) => {
    const locks = cluster.locks();
    for (const client of [0, 1].map((index) => cluster.client(index))) {
      if (type === "string") await client.set("quorumlock:invoice", "42 euros");
      else await client.hset("quorumlock:invoice", "amount", "42 euros");
    }
    const names = ["a", "b", "invoice", "c", "d"];
    const results = await Promise.allSettled(names.map((name) => locks.acquire(name)));
    expect(results.map(({ status }) => status)).toEqual(
      names.map((name) => (name === "invoice" ? "rejected" : "fulfilled")),
    );
    expect(await cluster.client(0).type("quorumlock:invoice")).toBe(type);
  });

  test("on a minority of the nodes does not hinder the lock, and survives its release", async () => {
    const locks = cluster.locks();
    await cluster.client(0).set("quorumlock:r", "mine");
    const lock = await locks.acquire("r");
    await lock.extend();
    expect(await lock.release()).toBe(true);
    expect(await cluster.client(0).get("quorumlock:r")).toBe("mine");
  });
});
