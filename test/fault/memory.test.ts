/**
 * Goal: a node does not keep for ever what was locked once.
 * Method: twenty thousand resources on a real master, whose clock is put forward then, and its keys.
 */
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { LockManager } from "../../src/index.ts";
import { redisQuorum } from "../../src/redis.ts";
import { eventually } from "../fixture/eventually.ts";
import { canMoveClocks, startClockMaster } from "../fixture/shifted-clock.ts";

const count = 20_000;
const atOnce = 500;

const canMove = await canMoveClocks();

test.skipIf(!canMove)(
  "a node forgets resources that nobody locks any more, all but its own entry",
  async () => {
    const { master, set, close } = await startClockMaster();
    onTestFinished(close);
    const client = new Redis(master.url);
    onTestFinished(() => client.disconnect());
    const locks = new LockManager(redisQuorum([master.url]));
    onTestFinished(() => locks.close());
    let most = 0;
    for (let first = 0; first < count; first += atOnce) {
      const names = Array.from({ length: atOnce }, (_, index) => `resource ${first + index}`);
      await Promise.all(names.map((name) => locks.request(name, () => 1)));
      most = Math.max(most, await client.dbsize());
    }
    expect(most).toBeGreaterThan(count / 2);
    await locks.close();
    set(10 * 60 * 1_000_000);
    await eventually(async () => expect(await client.dbsize()).toBe(2));
  },
  60_000,
);
