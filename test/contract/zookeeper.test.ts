/**
 * Goal: a ZooKeeper ensemble gives locks, as any backend has to. Method: the contract suites on
 * three servers that this file starts and ends. The session is long, for the suite asks for a ttl
 * of a minute.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockContract, webLocksContract } from "../../src/testing.ts";
import { isAvailable } from "../fixture/available.ts";
import { named } from "../fixture/named.ts";
import { findZooKeeper, startEnsemble, type Ensemble } from "../fixture/zookeeper.ts";
import { zookeeperLocks } from "../fixture/zookeeper-locks.ts";

const isInstalled = await isAvailable("ZooKeeper", findZooKeeper);

describe.skipIf(!isInstalled)("locks in an ensemble of three", () => {
  let ensemble: Ensemble;
  beforeAll(async () => void (ensemble = await startEnsemble()));
  afterAll(() => ensemble?.close());

  test.for(named([...lockContract, ...webLocksContract]))("%s", async ([, check]) => {
    const locks = zookeeperLocks(ensemble.address, { sessionTimeoutMs: 95_000 });
    await expect(check(locks)).resolves.toBeUndefined();
    await locks.close();
  });
});
