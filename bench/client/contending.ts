import { setTimeout as pause } from "node:timers/promises";
import { nowMs } from "../clock.ts";
import type { OpenSystem } from "../system.ts";
import { effortOf, Trouble, type Effort } from "./effort.ts";

/** One grant, on the clock of {@link nowMs}. */
export interface Grant {
  readonly waiter: number;
  readonly askedAt: number;
  readonly grantedAt: number;
  /** When it began to give it back. */
  readonly releaseAt: number;
}

export interface Contended extends Effort {
  readonly grants: readonly Grant[];
  /** Since when those had asked that got nothing before the end. */
  readonly waitingSince: readonly number[];
  readonly errors: Readonly<Record<string, number>>;
}

/** A library that gave up is asked again after so much. */
const afterErrorMs = 10;

/** Waiters in this process that want one lock again and again. */
export async function contend(
  system: OpenSystem,
  options: {
    readonly resource: string;
    readonly waiters: number;
    readonly sectionMs: number;
    /** When it begins, on the clock of {@link nowMs}. */
    readonly beginAt: number;
    readonly endAt: number;
    /** For how long those that still wait then may get it, so that the next round finds nobody. */
    readonly drainMs: number;
  },
): Promise<Contended> {
  const { waiters, beginAt, endAt, drainMs } = options;
  const grants: Grant[] = [];
  const waitingSince = new Map<number, number>();
  const trouble = new Trouble();
  await pause(Math.max(0, beginAt - nowMs()));
  let drained: Promise<unknown> = Promise.resolve();
  const effort = await effortOf(async () => {
    const all = Array.from({ length: waiters }, (_, waiter) =>
      wantAgain(system, waiter, { ...options, grants, waitingSince, trouble }),
    );
    drained = Promise.race([Promise.all(all), pause(drainMs + endAt - nowMs())]);
    await pause(endAt - nowMs());
  });
  const late = [...waitingSince.values()];
  await drained;
  const inTime = grants.filter(({ grantedAt }) => grantedAt <= endAt);
  const errors = { ...trouble.counts };
  return { ...effort, grants: inTime, waitingSince: late, errors };
}

interface Wanting {
  readonly resource: string;
  readonly sectionMs: number;
  readonly endAt: number;
  readonly grants: Grant[];
  readonly waitingSince: Map<number, number>;
  readonly trouble: Trouble;
}

async function wantAgain(system: OpenSystem, waiter: number, wanting: Wanting): Promise<void> {
  const { resource, sectionMs, endAt, grants, waitingSince, trouble } = wanting;
  while (nowMs() < endAt) {
    const askedAt = waitingSince.get(waiter) ?? nowMs();
    waitingSince.set(waiter, askedAt);
    try {
      const giveBack = await system.acquire(resource);
      const grantedAt = nowMs();
      waitingSince.delete(waiter);
      if (sectionMs > 0 && grantedAt < endAt) await pause(sectionMs);
      grants.push({ waiter, askedAt, grantedAt, releaseAt: nowMs() });
      await giveBack();
    } catch (error) {
      if (nowMs() < endAt) trouble.add(error);
      await pause(afterErrorMs);
    }
  }
}

/** Waits for one lock, asking again when the library gives up; then gives it back. */
export async function waitFor(
  system: OpenSystem,
  { resource, patienceMs }: { readonly resource: string; readonly patienceMs: number },
): Promise<Pick<Contended, "grants" | "errors">> {
  const grants: Grant[] = [];
  const trouble = new Trouble();
  const askedAt = nowMs();
  while (grants.length === 0 && nowMs() < askedAt + patienceMs) {
    try {
      const giveBack = await system.acquire(resource);
      grants.push({ waiter: 0, askedAt, grantedAt: nowMs(), releaseAt: nowMs() });
      await giveBack();
    } catch (error) {
      trouble.add(error);
      await pause(afterErrorMs);
    }
  }
  return { grants, errors: { ...trouble.counts } };
}
