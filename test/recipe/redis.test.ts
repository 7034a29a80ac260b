/**
 * Goal: a key as in examples/fenced/redis.ts refuses stale holders.
 * Method: on a real master; MONITOR tells what was let in.
 */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RedisAccounts } from "../../examples/fenced/redis.ts";
import { startMasters, type Masters } from "../../src/masters/masters.ts";
import { eventually } from "../fixture/eventually.ts";
import { fencedCases, type FencedFixture } from "../fixture/fenced-store.ts";
import { stopsStaleHolder } from "../fixture/stale-holder.ts";

describe("a fenced key in Redis", () => {
  let masters: Masters;
  const clients: Redis[] = [];
  let fixture: FencedFixture;

  beforeAll(async () => {
    masters = await startMasters({ count: 1 });
    const redis = new Redis(masters.urls[0] ?? "");
    const monitor = await redis.monitor();
    clients.push(redis, monitor);
    const seen: string[][] = [];
    monitor.on("monitor", (_time: string, args: string[]) => seen.push(args));
    fixture = {
      store: new RedisAccounts(redis),
      read: async (id) => Number(await redis.hget(id, "balance")),
      accepted: async (id) => {
        // It tells in order: with this, all that was before has been told.
        await redis.echo("all of it");
        await eventually(() => expect(seen.at(-1)?.at(-1)).toBe("all of it"));
        return seen
          .filter(([name, key, field]) => /hset/i.test(name!) && key === id && /token/.test(field!))
          .map((args) => Number(args[3]));
      },
    };
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await masters?.close();
  });

  test.for(fencedCases)("%s", ([, check]) => check(fixture));

  test("the example stops a stale holder", () =>
    stopsStaleHolder("redis.ts", { REDIS_URL: masters.urls[0] }));
});
