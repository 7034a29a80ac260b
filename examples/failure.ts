/** What can go wrong, and what to do then. */
import { LockHeldError, LockLostError, LockManager, QuorumError } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";

const nodes = process.env["QUORUMLOCK_REDIS"]?.split(",") ?? [];
await using locks = new LockManager(redisQuorum(nodes));
await using other = new LockManager(redisQuorum(nodes));

async function importFile(name: string): Promise<string> {
  try {
    return await locks.request(name, { waitMs: 200 }, () => "imported");
  } catch (error) {
    if (error instanceof LockHeldError) return `try later: ${error.message}`;
    if (error instanceof QuorumError) return `too few nodes answer: ${error.message}`;
    if (error instanceof LockLostError) return `undo what was begun: ${error.message}`;
    throw error; // The work's own error, a mistake in the call, or an AbortError: it was stolen.
  }
}

const busy = await other.acquire("file:7");
console.log(await importFile("file:7"));
await busy.release();
console.log(await importFile("file:7"));

// Who holds it, and what does each node say?
const { state, nodes: answers } = await locks.inspect("file:7");
console.log(state, answers.map(({ node, answer }) => `${node} ${answer}`).join(", "));
