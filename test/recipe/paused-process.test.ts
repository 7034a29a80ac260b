/**
 * Goal: a process that is paused between its look at the lock and its write does no harm.
 * Method: a real process, stopped with SIGSTOP for longer than its lock lasts; real servers. It
 * renews its lock, and that does not help.
 */
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { RedisAccounts } from "../../examples/fenced/redis.ts";
import { LockManager } from "../../src/index.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum } from "../../src/redis.ts";
import { zookeeperBackend } from "../../src/zookeeper.ts";
import { isAvailable } from "../fixture/available.ts";
import { node } from "../fixture/program.ts";
import { findZooKeeper, startEnsemble } from "../fixture/zookeeper.ts";

const hasZooKeeper = await isAvailable("ZooKeeper", findZooKeeper);

test("a holder that was paused cannot know, and is refused", async () => {
  await using masters = await startMasters({ count: 4 });
  const [store = "", ...nodes] = masters.urls;
  await using locks = new LockManager(redisQuorum(nodes));
  await pausedHolderIsRefused(store, nodes, locks);
});

test.skipIf(!hasZooKeeper)("nor can one whose session in an ensemble ends meanwhile", async () => {
  await using masters = await startMasters({ count: 1 });
  await using ensemble = await startEnsemble();
  await using locks = new LockManager(zookeeperBackend(ensemble.address));
  await pausedHolderIsRefused(masters.urls[0] ?? "", [ensemble.address], locks);
});

async function pausedHolderIsRefused(
  store: string,
  nodes: readonly string[],
  locks: LockManager,
): Promise<void> {
  const redis = new Redis(store);
  onTestFinished(() => redis.disconnect());
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
}
