/** Work that must not run twice at once, in the shape of `navigator.locks`. */
import { setTimeout as work } from "node:timers/promises";
import { LockManager } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";

const nodes = process.env["QUORUMLOCK_REDIS"]?.split(",") ?? [];
await using locks = new LockManager(redisQuorum(nodes));

const charged = await locks.request("invoice:42", async (lock) => {
  // Renewed while this runs. Pass the signal on: it aborts if the lock is lost.
  await work(50, undefined, { signal: lock.signal });
  return lock.held;
});
console.log(charged ? "charged under the lock" : "lost the lock on the way");
