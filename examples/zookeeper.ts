/** Locks in a ZooKeeper ensemble: whoever has waited longest comes next, over all processes. */
import { LockManager } from "quorumlock";
import { zookeeperBackend } from "quorumlock/zookeeper";

const servers = process.env["QUORUMLOCK_ZOOKEEPER"] ?? "";
await using locks = new LockManager(zookeeperBackend(servers));
await using others = new LockManager(zookeeperBackend(servers));

const first = await locks.acquire("deployment");
const second = others.acquire("deployment").then(async (lock) => {
  // The number of the transaction that granted it: larger than all before, of any lock.
  console.log(lock.fencingToken > first.fencingToken ? "then the second one" : "out of order");
  await lock.release();
});
await others.query();
console.log("the first one is at work");
await first.release();
await second;

const { state, promises } = await locks.inspect("deployment");
console.log(`${state}, says ${promises.authority}`);
