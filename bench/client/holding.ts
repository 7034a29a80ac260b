import { setTimeout as pause } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { nowMs } from "../clock.ts";
import type { KeptLock, OpenSystem } from "../system.ts";
import { effortOf, memory, type Effort } from "./effort.ts";

const held: KeptLock[] = [];

export interface Held {
  /** When it was asked for, and granted, on the clock of {@link nowMs}: the first and the last of them. */
  readonly askedAt: number;
  readonly grantedAt: number;
  readonly bytesPerLock: number;
  /** How many more there are than before. */
  readonly timers: number;
}

/** Takes different locks and keeps them, until the process ends. */
export async function hold(
  system: OpenSystem,
  { resource, count, atOnce }: { resource: string; count: number; atOnce: number },
): Promise<Held> {
  const keep = system.hold?.bind(system);
  if (keep === undefined) throw new Error("it does not renew");
  const before = memory();
  const timersBefore = timerCount();
  const askedAt = nowMs();
  for (let from = 0; from < count; from += atOnce) {
    const names = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => from + i);
    held.push(...(await Promise.all(names.map((i) => keep(`${resource}:${i}`)))));
  }
  const grantedAt = nowMs();
  const bytesPerLock = (memory() - before) / count;
  return { askedAt, grantedAt, bytesPerLock, timers: Math.max(0, timerCount() - timersBefore) };
}

/** Those that keep no process alive, too, which `process.getActiveResourcesInfo()` does not tell. */
function timerCount(): number {
  const probe = setTimeout(() => {}, 0);
  clearTimeout(probe);
  return Number(queryObjects(probe.constructor));
}

export interface Watched extends Effort {
  /** How often locks were seen to have more time left than before; undefined: they do not say. */
  readonly extensions: number | undefined;
}

/** Lets those that are held be renewed for a time. */
export async function watchHeld(
  _: OpenSystem,
  { seconds, lookMs }: { readonly seconds: number; readonly lookMs: number },
): Promise<Watched> {
  const tellers = held.flatMap(({ remainingMs }) =>
    remainingMs === undefined ? [] : [remainingMs],
  );
  let known = tellers.map((remainingMs) => remainingMs());
  let extensions = 0;
  const effort = await effortOf(async () => {
    const until = nowMs() + 1_000 * seconds;
    while (nowMs() < until) {
      await pause(Math.min(lookMs, until - nowMs()));
      const now = tellers.map((remainingMs) => remainingMs());
      for (const [index, left] of now.entries()) if (left > (known[index] ?? 0)) extensions++;
      known = now;
    }
  });
  return { ...effort, extensions: tellers.length === 0 ? undefined : extensions };
}
