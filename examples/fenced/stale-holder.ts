import { LockManager } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";
import { StaleTokenError, type FencedStore } from "./fenced-store.ts";

/** A holder that is paused for longer than its lock lasts, and then writes all the same. */
export async function staleHolder(store: FencedStore): Promise<void> {
  const nodes = process.env["QUORUMLOCK_REDIS"]?.split(",") ?? [];
  // Locks are short here, so that the show is. Patience with nodes usually comes with the ttl.
  await using locks = new LockManager(redisQuorum(nodes, { roundTimeoutMs: 300 }));
  const id = "account:a";

  const first = await locks.acquire(id, { ttlMs: 1_000, renew: false });
  const seen = await store.claim(id, first.fencingToken);

  // Here the first one stops, as a process does that is suspended. Its lock ends; it does not know.
  const second = await locks.acquire(id);
  const found = await store.claim(id, second.fencingToken);
  await store.write(id, { balance: found + 5, fencingToken: second.fencingToken });
  console.log("the second holder added 5");

  try {
    await store.write(id, { balance: seen + 1, fencingToken: first.fencingToken });
    console.log("the first holder was let in: 5 are gone");
  } catch (error) {
    if (!(error instanceof StaleTokenError)) throw error;
    console.log(`the first holder was stopped. ${error.message}`);
  }
  const balance = await store.claim(id, second.fencingToken);
  console.log(`${balance - found} more than before`);
}
