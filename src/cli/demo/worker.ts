import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { LockError, LockManager } from "../../index.ts";
import { redisQuorum } from "../../redis.ts";
import type { WorkerMessage, WorkerOrders } from "./message.ts";

/** The longest that the work with the lock takes, and the one without it, in milliseconds. */
const longestWorkMs = 20;
const longestPauseMs = 60;

const orders = JSON.parse(process.argv[2] ?? "{}") as WorkerOrders;
let isEnding = false;

// If the demo is gone, so is the work, however it went.
process.on("disconnect", () => process.exit(1));
process.on("message", (message) => {
  if (message === "end") isEnding = true;
});

await using locks = new LockManager(redisQuorum(orders.urls, orders.settings), {
  retryDelayMs: 25,
});
tell({ kind: "ready" });
while (!isEnding) {
  await once();
  await pause(Math.random() * longestPauseMs);
}
// After this nothing keeps the process.
process.disconnect();

async function once(): Promise<void> {
  const askedAt = now();
  tell({ kind: "waiting" });
  try {
    await locks.request("demo:counter", async (lock) => {
      const enteredAt = now();
      tell({ kind: "entered" });
      await increment(lock.signal);
      const { worker } = orders;
      tell({ kind: "section", section: { worker, askedAt, enteredAt, leftAt: now() } });
    });
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    tell({ kind: "trouble", message: error.message });
    await pause(100);
  }
}

/** Read, think, write: without a lock, two of these would lose a count. */
async function increment(signal: AbortSignal): Promise<void> {
  const count = Number(await readFile(orders.counterFile, "utf8"));
  await pause(1 + Math.random() * longestWorkMs);
  signal.throwIfAborted();
  await writeFile(orders.counterFile, String(count + 1));
}

/** `process.hrtime` is the same clock in all processes of a machine. */
function now(): number {
  return Number(process.hrtime.bigint());
}

function tell(message: WorkerMessage): void {
  if (process.connected) process.send?.(message);
}
