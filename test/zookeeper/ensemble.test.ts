/**
 * Goal: what is particular to locks in an ensemble: turns over all clients, tokens, what is left in the tree,
 * ACLs, the chroot, and what an ensemble is refused for.
 * Method: on three real servers. A session of the tests' own looks at the tree.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ConfigurationError, LockManager, type Claim, type Lock } from "../../src/index.ts";
import { systemWorld } from "../../src/system/system-world.ts";
import { zookeeperBackend, type ZooKeeperOptions } from "../../src/zookeeper.ts";
import {
  create,
  createLasting,
  list,
  sync,
  type AclEntry,
  type Request,
} from "../../src/zookeeper/request.ts";
import type { Session } from "../../src/zookeeper/session.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { findZooKeeper, sessionWith, startEnsemble, type Ensemble } from "../fixture/zookeeper.ts";

const isInstalled = await isAvailable("ZooKeeper", findZooKeeper);

function waitingClaim(resource: string, index: number): Claim {
  const clientId = `client${index}`;
  return {
    resources: [resource],
    mode: "exclusive",
    owner: `${clientId}.0`,
    clientId,
    process: systemWorld.process,
    steal: false,
    waiting: { id: `${clientId}.request0`, askedAt: 0, forMs: 1_000 },
    withdrawn: false,
    granted: false,
  };
}

const everybody: AclEntry = { permissions: 31, scheme: "world", id: "anyone" };

describe.skipIf(!isInstalled)("locks in an ensemble", () => {
  let ensemble: Ensemble;
  let session: Session;
  let managers: LockManager[] = [];

  beforeAll(async () => {
    ensemble = await startEnsemble();
    session = sessionWith(await ensemble.leader());
  });
  afterAll(async () => {
    await session?.close();
    await ensemble?.close();
  });
  afterEach(async () => {
    await Promise.all(managers.map((manager) => manager.close()));
    managers = [];
  });

  function locks(options: ZooKeeperOptions = {}, chroot = ""): LockManager {
    const manager = new LockManager(zookeeperBackend(ensemble.address + chroot, options));
    managers.push(manager);
    return manager;
  }

  function ask<T>(request: Request<T>): Promise<T> {
    return session.run(5_000, () => session.send(request));
  }

  async function children(path: string): Promise<string[]> {
    await ask(sync(path));
    return (await ask(list(path))).names;
  }

  function made(path: string): Promise<void> {
    return ask(createLasting({ path, data: Buffer.alloc(0), acl: [everybody] }));
  }

  /** So many managers that ask one after the other, each when the one before it is in the queue. */
  async function queued(resource: string, count: number): Promise<Promise<Lock>[]> {
    const waiting: Promise<Lock>[] = [];
    for (let index = 0; index < count; index++) {
      waiting.push(locks().acquire(resource));
      await eventually(async () =>
        expect(await children(`/quorumlock/${resource}`)).toHaveLength(index + 1),
      );
    }
    return waiting;
  }

  test("are granted in the order in which they were asked for, over all clients", async () => {
    const order: number[] = [];
    const tokens: number[] = [];
    const waiting = await queued("turns", 8);
    const working = waiting.map(async (promise, index) => {
      const lock = await promise;
      order.push(index);
      tokens.push(lock.fencingToken);
      await lock.release();
    });
    await Promise.all(working);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  });

  test("are handed over to one who waits, and the others hear nothing of it", async () => {
    const backends = Array.from({ length: 6 }, () => zookeeperBackend(ensemble.address));
    const claims = backends.map((_, index) => waitingClaim("no-herd", index));
    const woken: number[] = [];
    for (const [index, backend] of backends.entries()) {
      const { granted } = await backend.acquire(claims[index]!, 5_000);
      expect(granted).toBe(index === 0);
      backend.watch?.(["no-herd"], () => void woken.push(index));
    }
    await backends[0]?.release(claims[0]!, 5_000);
    await eventually(() => expect(woken).toEqual([1]));
    // Whatever an ensemble has to tell comes before its next answer.
    await Promise.all(backends.map((backend) => backend.inspect("no-herd")));
    expect(woken).toEqual([1]);
    expect((await backends[1]?.acquire(claims[1]!, 5_000))?.granted).toBe(true);
    await Promise.all(backends.map((backend) => backend.close()));
  });

  test("keep their order among several resources, without a deadlock", async () => {
    const [a, b, c] = [locks(), locks(), locks()];
    const x = await a.acquire("x");
    const both = b.acquire(["y", "x"]);
    await eventually(async () => expect(await children("/quorumlock/x")).toHaveLength(2));
    // It comes after the one that waits for both, though nobody holds it.
    const y = c.acquire(["x", "y"]);
    await eventually(async () => expect(await children("/quorumlock/y")).toHaveLength(2));
    await x.release();
    const first = await both;
    await first.release();
    expect((await y).fencingToken).toBeGreaterThan(first.fencingToken);
  });

  test("have the number of the transaction that made them, if nobody was before them", async () => {
    const lock = await locks().acquire("fresh");
    const path = `/quorumlock/fresh`;
    const { stat } = await ask(list(path));
    expect(lock.fencingToken).toBe(Number(stat.childrenChanged));
    // A shared holder that had to wait comes later than one that is granted at once behind it.
    const [a, b] = [locks(), locks()];
    const waiting = a.acquire("fresh", { mode: "shared" });
    await eventually(async () => expect(await children(path)).toHaveLength(2));
    await lock.release();
    const reader = await waiting;
    const other = await b.acquire("fresh", { mode: "shared" });
    expect(reader.fencingToken).toBeGreaterThan(lock.fencingToken);
    expect(other.fencingToken).toBeGreaterThan(reader.fencingToken);
    const { holders, fencingToken } = await b.inspect("fresh");
    expect(holders.map((holder) => holder.fencingToken)).toEqual([
      reader.fencingToken,
      other.fencingToken,
    ]);
    expect(fencingToken).toBe(other.fencingToken);
  });

  test("leave no empty znodes behind, and their tokens go on growing", async () => {
    const manager = locks();
    const lock = await manager.acquire("swept/away");
    expect(await children("/quorumlock")).toContain("swept%2Faway");
    await lock.release();
    await eventually(async () =>
      expect(await children("/quorumlock")).not.toContain("swept%2Faway"),
    );
    expect((await manager.acquire("swept/away")).fencingToken).toBeGreaterThan(lock.fencingToken);
  });

  test("end with the backend, without waiting for the session to run out", async () => {
    const manager = locks();
    await manager.acquire("closed");
    await manager.close();
    expect(await children("/quorumlock/closed")).toEqual([]);
    await expect(manager.acquire("closed")).rejects.toThrow(TypeError);
  });

  test("lie in the chroot and under the path", async () => {
    await made("/tenant");
    const manager = locks({ path: "/deep/locks" }, "/tenant");
    const lock = await manager.acquire("inside");
    expect(await children("/tenant/deep/locks/inside")).toHaveLength(1);
    const waiting = locks({ path: "/deep/locks" }, "/tenant").acquire("inside");
    await eventually(async () =>
      expect(await children("/tenant/deep/locks/inside")).toHaveLength(2),
    );
    await lock.release();
    expect((await waiting).held).toBe(true);
  });

  test("are refused when there is no chroot, and say so", async () => {
    const acquiring = locks({}, "/nowhere").acquire("r");
    await expect(acquiring).rejects.toThrow(ConfigurationError);
    await expect(acquiring).rejects.toThrow(/there is no \/nowhere in the ensemble/);
  });

  test("have the ACL that they are given: others see a ConfigurationError", async () => {
    const path = "/private";
    const auth = [{ scheme: "digest", auth: "someone:secret" }];
    const acl = [{ scheme: "auth", id: "", permissions: "cdrwa" }];
    const [owner, friend] = [locks({ path, acl, auth }), locks({ path, acl, auth })];
    const lock = await owner.acquire("r");
    expect(await friend.tryAcquire("r")).toBe(null);
    const stranger = locks({ path });
    await expect(stranger.acquire("r")).rejects.toThrow(ConfigurationError);
    await expect(stranger.acquire("r")).rejects.toThrow(/options auth and acl/);
    await expect(stranger.forceRelease("r")).rejects.toThrow(ConfigurationError);
    expect(await lock.release()).toBe(true);
  });

  test("are refused with credentials that the ensemble does not know how to check", async () => {
    const manager = locks({ auth: [{ scheme: "nonsense", auth: "x" }] });
    await expect(manager.acquire("r")).rejects.toThrow(/refuses the credentials/);
  });

  test("are refused when the ensemble grants shorter sessions than are asked for", async () => {
    const manager = locks({ sessionTimeoutMs: 200_000 });
    await expect(manager.acquire("r")).rejects.toThrow(
      /grants sessions of 120000 ms at most .* sessionTimeoutMs is 200000/,
    );
  });

  test("leave alone what is not theirs, and say where it lies", async () => {
    const manager = locks();
    const lock = await manager.acquire("foreign");
    await made("/quorumlock/foreign/something");
    await lock.release();
    await expect(manager.acquire("foreign")).rejects.toThrow(
      /in \/quorumlock\/foreign lies "something", which is not a lock/,
    );
    expect(await children("/quorumlock/foreign")).toEqual(["something"]);
  });

  test("respect a place in the queue, whoever made it and whatever lies in it", async () => {
    await made("/quorumlock/other-client");
    const path = "/quorumlock/other-client/x-somebody.0-";
    await ask(create({ path, data: Buffer.from("{}"), acl: [everybody] }));
    expect(await locks().tryAcquire("other-client")).toBe(null);
    expect((await locks().inspect("other-client")).holders).toMatchObject([{ owner: "unknown" }]);
  });
});

describe.skipIf(!isInstalled)("an ensemble that has had two million elections", () => {
  test("is refused: its transaction numbers are no safe integers", async () => {
    await using ensemble = await startEnsemble({ epoch: 2 ** 21 - 1 });
    await using manager = new LockManager(zookeeperBackend(ensemble.address));
    const acquiring = manager.acquire("r");
    await expect(acquiring).rejects.toThrow(ConfigurationError);
    await expect(acquiring).rejects.toThrow(/is in epoch 2097152/);
    expect((await manager.inspect("r")).state).toBe("free");
  });
});
