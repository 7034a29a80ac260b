/** A client in a process of its own: opens one system, and does jobs with it until it is ended. */
import { setTimeout as pause } from "node:timers/promises";
import type { OpenSystem } from "../system.ts";
import { systemNamed } from "../systems/system-named.ts";
import { jobs } from "./jobs.ts";
import type { Answer, Order } from "./message.ts";

/** Some libraries never end what they began with a hung master. */
const closeMs = 500;

const places: (OpenSystem | undefined)[] = [];

process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => void answer(order));

async function answer(order: Order): Promise<void> {
  const { id } = order;
  try {
    tell({ id, result: await done(order) });
  } catch (error) {
    tell({ id, error: String(error) });
  }
}

async function done(order: Order): Promise<unknown> {
  const before = places[order.place];
  if ("open" in order) {
    await Promise.race([before?.close(), pause(closeMs, undefined, { ref: false })]);
    const { urls, ttlMs } = order;
    places[order.place] = await (await systemNamed(order.open)).open(urls, { ttlMs });
    return undefined;
  }
  if (before === undefined) throw new Error("nothing is open");
  const job = jobs[order.job] as (system: OpenSystem, options: object) => Promise<unknown>;
  return job(before, order.options);
}

function tell(message: Answer): void {
  if (process.connected) process.send?.(message);
}
