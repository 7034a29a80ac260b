/**
 * Goal: real Redis masters are nodes, and a quorum of them gives locks, through both versions of ioredis.
 * Method: the contract suites on redis-server processes that this file starts and ends.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMasters, type Masters } from "../../src/masters/masters.ts";
import { lockContract, nodeContract, webLocksContract } from "../../src/testing.ts";
import { named } from "../fixture/named.ts";
import { found } from "../fixture/virtual.ts";
import { ioredisVersions, redisLocks, redisNode, redisNodeFixture } from "../fixture/redis.ts";

let masters: Masters;
/** One of its own for those that are tested alone: it belongs to no other quorum. */
let single: Masters;
beforeAll(async () => {
  masters = await startMasters({ count: 5 });
  single = await startMasters({ count: 1 });
});
afterAll(async () => {
  await masters.close();
  await single.close();
});

describe.for(Object.entries(ioredisVersions))("a Redis node through %s", ([, client]) => {
  test.for(named(nodeContract))("%s", async ([, check]) => {
    const node = redisNode(client(single.urls[0] ?? ""));
    await found(node);
    await expect(check(redisNodeFixture(node))).resolves.toBeUndefined();
    await node.close();
  });
});

describe.for(Object.entries(ioredisVersions))("locks on five masters through %s", ([, client]) => {
  test.for(named([...lockContract, ...webLocksContract]))("%s", async ([, check]) => {
    const locks = redisLocks(() => masters.urls.map(client));
    await expect(check(locks)).resolves.toBeUndefined();
    await locks.close();
  });
});
