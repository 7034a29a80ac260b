/** A lock as a handle: on several resources at once, and only if they are free. */
import { LockManager } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";

const nodes = process.env["QUORUMLOCK_REDIS"]?.split(",") ?? [];
await using locks = new LockManager(redisQuorum(nodes), { ttlMs: 5_000 });

async function transfer(from: string, to: string, amount: number): Promise<string> {
  // Both or neither, in any order: two transfers never wait for each other for ever.
  await using lock = await locks.acquire([from, to], { waitMs: 2_000 });
  return `moved ${amount} under ${lock.name}, ${lock.held ? "held" : "lost"}`;
} // Released here, also when something was thrown.

console.log(await transfer("account:a", "account:b", 10));

// Work that one process of the fleet should do, and the others should skip.
const lock = await locks.tryAcquire("nightly-report");
console.log(lock === null ? "somebody else is on it" : "this process does it");
await lock?.release();
