/**
 * Goal: masters in containers give locks as others do, and can be hurt.
 * Method: the contract suite on containers that testcontainers starts and removes.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startContainers, type Masters } from "../../src/masters/masters.ts";
import { lockContract } from "../../src/testing.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { named } from "../fixture/named.ts";
import { redisLocks } from "../fixture/redis.ts";

/** An engine alone is not enough: it has to have, or to get, the image. */
const hasEngine = await isAvailable("a container engine with a Redis image", async () => {
  const masters = await startContainers({ count: 1 });
  await masters?.close();
  return masters;
});

describe.skipIf(!hasEngine)("locks on three masters in containers", () => {
  let masters: Masters;
  beforeAll(async () => {
    const started = await startContainers({ count: 3 });
    if (started === undefined) throw new Error("the container engine went away");
    masters = started;
  }, 120_000);
  afterAll(() => masters.close());

  test.for(named(lockContract))("%s", async ([, check]) => {
    const locks = redisLocks(() => masters.urls);
    await expect(check(locks)).resolves.toBeUndefined();
    await locks.close();
  });

  test("go on while one of them is paused, and while one is killed and started", async () => {
    const locks = redisLocks(() => masters.urls);
    const manager = locks.manager();
    const [first, second] = masters.all;
    await first?.pause();
    expect(await manager.request("paused", (lock) => lock.held)).toBe(true);
    await first?.resume();
    await second?.kill();
    expect(await eventually(() => manager.request("killed", (lock) => lock.held))).toBe(true);
    await second?.start();
    await eventually(async () => {
      const { nodes } = await manager.inspect("killed");
      expect(nodes.map(({ answer }) => answer)).toEqual(["free", "free", "free"]);
    });
    await locks.close();
  });
});
