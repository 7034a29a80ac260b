/**
 * Goal: real Redis masters are nodes, and a quorum of them gives locks, through both versions of ioredis.
 * Method: the contract suites on redis-server processes that this file starts and ends.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMasters, type Masters } from "../../src/masters/masters.ts";
import { lockContract, nodeContract, webLocksContract } from "../../src/testing.ts";
import { named } from "../fixture/named.ts";
import { ioredisVersions, redisLocks, redisNode, redisNodeFixture } from "../fixture/redis.ts";

let masters: Masters;
beforeAll(async () => void (masters = await startMasters({ count: 5 })));
afterAll(() => masters.close());

describe.for(Object.entries(ioredisVersions))("a Redis node through %s", ([, client]) => {
  test.for(named(nodeContract))("%s", async ([, check]) => {
    const node = redisNode(client(masters.urls[0] ?? ""));
    await node.open();
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
