/**
 * Goal: a node does not keep for ever what was locked once.
 * Method: twenty thousand resources on a real master, and its number of keys.
 */
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { LockManager } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum } from "../../src/redis.ts";
import { eventually } from "../fixture/eventually.ts";

const count = 20_000;
const atOnce = 500;

test("a node forgets resources that nobody locks any more, all but its own entry", async () => {
  const masters = await startMasters({ count: 1 });
  onTestFinished(() => masters.close());
  const client = new Redis(masters.urls[0] ?? "");
  onTestFinished(() => client.disconnect());
  const terms = { maxTtlMs: 2_000, maxSkewMs: 500, roundTimeoutMs: 600 };
  const locks = new LockManager(redisQuorum(masters.urls, terms), { ttlMs: 2_000 });
  onTestFinished(() => locks.close());
  let most = 0;
  for (let first = 0; first < count; first += atOnce) {
    const names = Array.from({ length: atOnce }, (_, index) => `resource ${first + index}`);
    await Promise.all(names.map((name) => locks.request(name, () => 1)));
    most = Math.max(most, await client.dbsize());
  }
  expect(most).toBeGreaterThan(atOnce);
  await eventually(async () => expect(await client.dbsize()).toBe(2));
}, 60_000);
