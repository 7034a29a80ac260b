/**
 * Goal: a process that is paused between its look at the lock and its write does no harm.
 * Method: a real process, stopped with SIGSTOP for longer than its lock lasts; real masters. It
 * renews its lock, and that does not help.
 */
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { RedisAccounts } from "../../examples/fenced/redis.ts";
import { LockManager } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum } from "../../src/redis.ts";
import { node } from "../fixture/program.ts";

test("a holder that was paused cannot know, and is refused", async () => {
  await using masters = await startMasters({ count: 4 });
  const [store = "", ...nodes] = masters.urls;
  const redis = new Redis(store);
  onTestFinished(() => redis.disconnect());
  await using locks = new LockManager(redisQuorum(nodes));
  const accounts = new RedisAccounts(redis);

  const program = node(["--import", "tsx", "test/fixture/paused-holder.ts", store, ...nodes]);
  await program.wrote(/it is mine, so I write/);
  program.process.kill("SIGSTOP");
  // A process that is stopped does not end when it is told to.
  onTestFinished(() => void program.process.kill("SIGCONT"));

  const { fencingToken } = await locks.acquire("account:a");
  const found = await accounts.claim("account:a", fencingToken);
  await accounts.write("account:a", { balance: found + 5, fencingToken });
  program.process.kill("SIGUSR2");
  program.process.kill("SIGCONT");

  expect((await program.ended).code).toBe(0);
  expect(program.output()).toMatch(/refused, and now I look again: not mine\n$/);
  expect(Number(await redis.hget("account:a", "balance"))).toBe(5);
});
