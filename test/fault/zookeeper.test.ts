/**
 * Goal: what happens to an ensemble, to the way to it and to its clients does no harm to a lock, or
 * the holder knows of it in time. Method: three real servers that are killed, frozen and started
 * again, and a proxy that cuts connections.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { LockLostError, LockManager, QuorumError, type LockOptions } from "../../src/index.ts";
import { zookeeperBackend, type ZooKeeperOptions } from "../../src/zookeeper.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { Proxy } from "../../src/chaos/network/proxy.ts";
import { findZooKeeper, startEnsemble, type Ensemble } from "../fixture/zookeeper.ts";
import type { ZooKeeperServer } from "../../src/masters/zookeeper-server.ts";

/** Long enough for an election on a busy machine. */
const sessionTimeoutMs = 15_000;
/** For tests that hold answers back: no silence ends the connection before they do. */
const patient = { sessionTimeoutMs: 60_000 };
/** For tests that wait until something is over. */
const brief = [{ ttlMs: 3_000 }, { sessionTimeoutMs: 9_000 }] as const;
const isInstalled = await isAvailable("ZooKeeper", findZooKeeper);

describe.skipIf(!isInstalled)("an ensemble of three", { timeout: 60_000 }, () => {
  let ensemble: Ensemble;
  let managers: LockManager[] = [];
  let proxies: Proxy[] = [];

  beforeAll(async () => void (ensemble = await startEnsemble()));
  afterAll(() => ensemble?.close());
  afterEach(async () => {
    await ensemble.mend();
    await Promise.all(managers.map((manager) => manager.close()));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    [managers, proxies] = [[], []];
  });

  function locks(
    address = ensemble.address,
    defaults: LockOptions = {},
    options: ZooKeeperOptions = {},
  ): LockManager {
    const backend = zookeeperBackend(address, { sessionTimeoutMs, ...options });
    const manager = new LockManager(backend, { ttlMs: 9_000, ...defaults });
    managers.push(manager);
    return manager;
  }

  /** One server, behind something that can cut the way to it. */
  async function proxied(server = ensemble.servers[0]): Promise<[Proxy, string]> {
    const proxy = await Proxy.to(`tcp://${server?.name}`);
    proxies.push(proxy);
    return [proxy, new URL(proxy.url).host];
  }

  /** The server that a manager is connected to. */
  async function serverOf(manager: LockManager): Promise<ZooKeeperServer> {
    const { nodes } = await manager.inspect("which server");
    const server = ensemble.servers.find(({ name }) => name === nodes[0]?.node);
    if (server === undefined) throw new Error("it is connected to none of them");
    return server;
  }

  /** How many znodes a session has left in the queue of a resource, as a server knows. */
  async function places(resource: string): Promise<string[]> {
    const answer = await (await ensemble.leader()).ask("dump");
    return answer.split("\n").filter((line) => line.includes(`/${resource}/`));
  }

  describe.for<[string, (server: ZooKeeperServer) => unknown]>([
    ["killed", (server) => server.kill()],
    ["frozen", (server) => server.pause()],
  ])("when the server that it is connected to is %s", ([, hurt]) => {
    test("a holder keeps its session and its lock", async () => {
      const [holder, other] = [locks(), locks()];
      const lock = await holder.acquire("kept");
      const server = await serverOf(holder);
      const { fencingToken } = lock;
      await hurt(server);
      await eventually(() => lock.extend());
      expect(lock.held).toBe(true);
      expect(await other.tryAcquire("kept")).toBe(null);
      expect((await other.inspect("kept")).holders).toMatchObject([
        { owner: lock.owner, fencingToken },
      ]);
      expect(await lock.release()).toBe(true);
      expect((await other.acquire("kept")).fencingToken).toBeGreaterThan(fencingToken);
    });

    test("one who waits keeps its place, and is told", async () => {
      const [holder, waiter] = [locks(), locks()];
      const lock = await holder.acquire("waited-for");
      const waiting = waiter.acquire("waited-for");
      await waiter.query();
      await hurt(await serverOf(waiter));
      const late = locks().acquire("waited-for");
      await eventually(async () => expect(await places("waited-for")).toHaveLength(3));
      await lock.release();
      const next = await waiting;
      expect(next.held).toBe(true);
      await next.release();
      expect((await late).fencingToken).toBeGreaterThan(next.fencingToken);
    });
  });

  test("the election of a new leader is bridged", async () => {
    const [holder, other] = [locks(), locks()];
    const lock = await holder.acquire("elected");
    await (await ensemble.leader()).kill();
    const otherLock = await other.acquire("elected-too");
    await eventually(() => lock.extend());
    expect(lock.held).toBe(true);
    expect(otherLock.fencingToken).toBeGreaterThan(lock.fencingToken);
    expect(await other.tryAcquire("elected")).toBe(null);
    expect(await lock.release()).toBe(true);
  });

  test("a leader that is frozen is replaced, and does not keep anybody in when it wakes up", async () => {
    const [holder, other] = [locks(), locks()];
    const lock = await holder.acquire("frozen-leader");
    const leader = await ensemble.leader();
    await leader.pause();
    await eventually(() => lock.extend());
    expect(lock.held).toBe(true);
    leader.resume();
    expect(await other.tryAcquire("frozen-leader")).toBe(null);
    expect(await lock.release()).toBe(true);
    expect((await other.tryAcquire("frozen-leader"))?.held).toBe(true);
  });

  test("without a majority a holder loses its lock by the clock, and new ones hear why", async () => {
    const [holder, other] = [locks(ensemble.address, ...brief), locks(ensemble.address, ...brief)];
    await other.inspect("connected");
    // Brief times are too brief for a busy machine now and then; what is looked at comes after this.
    const lock = await eventually(() => holder.acquire("lost"));
    const until = performance.now() + lock.remainingMs;
    const [first, second] = ensemble.servers;
    await Promise.all([first?.pause(), second?.pause()]);
    const outage = expect(other.acquire("other")).rejects.toThrow(
      /3 of 3 nodes do not vote, so there is no quorum/,
    );
    await new Promise((resolve) => lock.signal.addEventListener("abort", resolve));
    expect(performance.now()).toBeLessThanOrEqual(until + 100);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
    expect(lock.held).toBe(false);
    await outage;
    first?.resume();
    second?.resume();
    expect((await eventually(() => other.acquire("lost"), 30_000)).held).toBe(true);
  });

  test("a minority that goes on answering keeps nobody in: its answers are no transactions", async () => {
    const follower = await ensemble.follower();
    const holder = locks(follower.name, ...brief);
    const lock = await eventually(() => holder.acquire("minority"));
    const others = ensemble.servers.filter((server) => server !== follower);
    await Promise.all(others.map((server) => server.pause()));
    // What was on its way when they froze may still arrive.
    await eventually(() => expect(lock.extend()).rejects.toThrow(QuorumError));
    await eventually(() => expect(lock.held).toBe(false));
  });

  test("servers that are all away are named, each with what is wrong", async () => {
    const other = locks(ensemble.address, {}, { requestTimeoutMs: 300 });
    await Promise.all(ensemble.servers.map((server) => server.kill()));
    await expect(other.acquire("r")).rejects.toThrow(/3 of 3 nodes do not vote.*ECONNREFUSED/s);
    expect((await other.inspect("r")).state).toBe("undecided");
    await expect(other.forceRelease("r")).rejects.toThrow(QuorumError);
    await ensemble.mend();
    expect((await eventually(() => other.acquire("r"))).held).toBe(true);
  });

  test("a session that is over takes its locks with it, but not before the holder knows", async () => {
    const [proxy, address] = await proxied();
    const [holder, other] = [locks(address, ...brief), locks()];
    const lock = await eventually(() => holder.acquire("over"));
    const { fencingToken } = lock;
    proxy.hold("requests");
    proxy.hold("replies");
    const next = await other.acquire("over");
    expect(lock.held).toBe(false);
    expect(next.fencingToken).toBeGreaterThan(fencingToken);
    proxy.deliver("requests");
    proxy.deliver("replies");
    // A new session, in which it comes behind the other one.
    const again = holder.acquire("over");
    await eventually(async () => expect(await places("over")).toHaveLength(2));
    expect(await lock.release()).toBe(false);
    expect(next.held).toBe(true);
    await next.release();
    expect((await again).fencingToken).toBeGreaterThan(next.fencingToken);
  });

  describe("when the connection is cut between a request and its answer", () => {
    test("an acquire finds what it has made", async () => {
      const [proxy, address] = await proxied();
      const holder = locks(address, {}, patient);
      await holder.request("cut", () => {});
      proxy.hold("replies");
      const acquiring = holder.acquire("cut");
      await eventually(async () => expect(await places("cut")).toHaveLength(1));
      proxy.breakClients();
      proxy.deliver("replies");
      const lock = await acquiring;
      expect(await places("cut")).toHaveLength(1);
      expect(lock.held).toBe(true);
      expect(await lock.release()).toBe(true);
      expect(await places("cut")).toHaveLength(0);
    });

    test("an acquire that is given up meanwhile leaves nothing behind", async () => {
      const [proxy, address] = await proxied();
      const holder = locks(address, {}, patient);
      await holder.request("given-up", () => {});
      const abort = new AbortController();
      proxy.hold("replies");
      const acquiring = holder.acquire("given-up", { signal: abort.signal });
      await eventually(async () => expect(await places("given-up")).toHaveLength(1));
      abort.abort(new Error("enough"));
      await expect(acquiring).rejects.toThrow("enough");
      proxy.breakClients();
      proxy.deliver("replies");
      await eventually(async () => expect(await places("given-up")).toHaveLength(0));
      expect((await locks().tryAcquire("given-up"))?.held).toBe(true);
    });

    test("a release is carried out, and known to be", async () => {
      const [proxy, address] = await proxied();
      const [holder, other] = [locks(address, {}, patient), locks()];
      const lock = await holder.acquire("released");
      proxy.hold("replies");
      const releasing = lock.release();
      await eventually(async () => expect(await places("released")).toHaveLength(0));
      proxy.breakClients();
      proxy.deliver("replies");
      expect(await releasing).toBe(true);
      expect((await other.tryAcquire("released"))?.held).toBe(true);
    });

    test("a release that could not be told is told when the ensemble is back", async () => {
      const [proxy, address] = await proxied();
      const [holder, other] = [locks(address, {}, { ...patient, requestTimeoutMs: 100 }), locks()];
      const lock = await holder.acquire("told-later");
      proxy.refuse(true);
      proxy.breakClients();
      expect(await lock.release()).toBe(true);
      expect(await other.tryAcquire("told-later")).toBe(null);
      proxy.refuse(false);
      expect((await other.acquire("told-later", { waitMs: 8_000 })).held).toBe(true);
    });
  });

  test("a process that was blocked knows that its time is over, and goes on in its session", async () => {
    const [holder, other] = [locks(), locks()];
    const kept = await holder.acquire("kept-while-blocked");
    const lock = await holder.acquire("blocked", { ttlMs: 300 });
    // For longer than it may be silent on a connection.
    const end = performance.now() + sessionTimeoutMs / 8;
    while (performance.now() < end);
    expect(lock.held).toBe(false);
    expect((await other.acquire("blocked")).held).toBe(true);
    await kept.extend();
    expect(kept.held).toBe(true);
  });
});
