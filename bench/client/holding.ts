import { setTimeout as pause } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { nowMs } from "../clock.ts";
import type { KeptLock, OpenSystem } from "../system.ts";
import { effortOf, memory, Trouble, type Effort } from "./effort.ts";

const held: KeptLock[] = [];

/** Until what came before is done with, and can be collected. */
const settleMs = 200;

/** On a busy machine a round may take too long. */
const mostTries = 5;

export interface Held {
  /** When the last of them was asked for, and when all were there, on the clock of {@link nowMs}. */
  readonly askedAt: number;
  readonly grantedAt: number;
  /** Of tries before those that were granted. */
  readonly errors: Readonly<Record<string, number>>;
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
  await pause(settleMs);
  const before = memory();
  const timersBefore = timerCount();
  const trouble = new Trouble();
  let askedAt = nowMs();
  const kept = async (name: string): Promise<KeptLock> => {
    for (let tries = 1; ; tries++) {
      askedAt = nowMs();
      try {
        return await keep(name);
      } catch (error) {
        if (tries === mostTries) throw error;
        trouble.add(error);
      }
    }
  };
  for (let from = 0; from < count; from += atOnce) {
    const names = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => from + i);
    held.push(...(await Promise.all(names.map((i) => kept(`${resource}:${i}`)))));
  }
  const grantedAt = nowMs();
  await pause(settleMs);
  const bytesPerLock = (memory() - before) / count;
  const timers = Math.max(0, timerCount() - timersBefore);
  return { askedAt, grantedAt, bytesPerLock, timers, errors: { ...trouble.counts } };
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
  const says = held.some(({ remainingMs }) => remainingMs !== undefined);
  const left = (): number[] => (says ? held.map(({ remainingMs = 0 }) => remainingMs) : []);
  let known = left();
  let extensions = 0;
  const effort = await effortOf(async () => {
    const until = nowMs() + 1_000 * seconds;
    while (nowMs() < until) {
      await pause(Math.min(lookMs, until - nowMs()));
      const now = left();
      for (const [index, ms] of now.entries()) if (ms > (known[index] ?? 0)) extensions++;
      known = now;
    }
  });
  return { ...effort, extensions: says ? extensions : undefined };
}
