/** One client of a lock: a process that does what the harness tells it, and tells what it sees. */
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "../../testing.ts";
import { openAdapter } from "../adapters/adapter.ts";
import type { FullWish } from "../adapters/lock-client.ts";
import type { Wish } from "../schedule/step.ts";
import { footprint } from "./footprint.ts";
import { Hands, messageOf, type HeldInHands } from "./hands.ts";
import type { ClientMessage, ClientOrders, Order } from "./message.ts";
import { trueTime } from "./true-time.ts";
import { Worker } from "./worker.ts";

const againAfterMs = 50;

const orders = JSON.parse(process.argv[2] ?? "{}") as ClientOrders;
const { name, ttlMs, work } = orders;
const now = trueTime(orders.originMs, orders.clockPath);

// If the harness is gone, so is the work, however it went.
process.on("disconnect", () => process.exit(1));
// What nobody catches is a defect of the library: it is told, and does not end the client.
process.on("unhandledRejection", trouble);
process.on("uncaughtException", trouble);

const locks = await openAdapter(orders, {
  client: name,
  now,
  note: (event) => tell({ kind: "event", event }),
  tellNode: (event) => tell({ kind: "node", at: now(), event }),
}).catch(cannotBegin);
const hands = new Hands({ locks, now, tell });
const random = seededRandom(work.seed);
const worker = new Worker({ hands, orders: work, ttlMs, random });
/** All that it was granted and has not given back: it uses the last one. */
const held: HeldInHands[] = [];
let sections: number[] = [];

process.on("message", (order: Order) => {
  void obey(order).catch(trouble);
});
tell({ kind: "footprint", footprint: footprint() });
tell({ kind: "ready" });

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case "ask": {
      const got = await ask(order.wish);
      if (got !== undefined) held.push(got);
      return tell({ kind: "answered" });
    }
    case "answer":
      return hands.answered(order.call, order.section);
    case "work":
      await worker.work();
      return tell({ kind: "idle" });
    case "rest":
      return worker.rest();
    case "stall":
      return stall(order.ms);
    case "end":
      return end();
    case "enter":
    case "leave":
    case "extend":
    case "release":
      await carryOut(order.kind);
      tell({ kind: "carriedOut", order: order.order });
  }
}

async function ask(wish: Wish): Promise<HeldInHands | undefined> {
  const deadline = performance.now() + (wish.againMs ?? 0);
  for (;;) {
    const got = await hands.take(fullWish(wish));
    if (got !== undefined || performance.now() > deadline) return got;
    await pause(againAfterMs);
  }
}

/** What can only be done with a lock is not done without one. */
async function carryOut(what: "enter" | "leave" | "extend" | "release"): Promise<void> {
  const current = held.at(-1);
  if (current === undefined) return;
  if (what === "enter") {
    const { resources } = current.wish;
    sections = await Promise.all(resources.map((each) => hands.enter(current, each)));
  } else if (what === "leave") {
    // Without a look: as if it had looked just before whatever stopped it.
    await Promise.all(sections.splice(0).map((section) => hands.leave(section, true)));
  } else if (what === "extend") {
    await current.lock.extend().catch(() => {});
  } else {
    // Also those whose answers came when nobody waited for them any more.
    await Promise.all(held.splice(0).map((each) => hands.letGo(each)));
  }
}

async function end(): Promise<void> {
  await carryOut("release");
  tell({ kind: "footprint", footprint: footprint() });
  await locks.close();
  // After this nothing should keep the process.
  process.removeAllListeners("disconnect");
  process.disconnect();
}

function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function fullWish(wish: Wish): FullWish {
  const { resources, mode = "exclusive", waitMs = 0, renew = false } = wish;
  return { resources, mode, ttlMs: wish.ttlMs ?? ttlMs, waitMs, renew };
}

function trouble(error: unknown): void {
  tell({ kind: "trouble", at: now(), message: `nobody caught ${messageOf(error)}` });
}

function tell(message: ClientMessage): void {
  if (process.connected) process.send?.(message);
}

/** Without its library it is no client: whoever waits for it is told why it ended. */
function cannotBegin(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
