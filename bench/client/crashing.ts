import { nowMs } from "../clock.ts";
import type { OpenSystem } from "../system.ts";
import { Trouble } from "./effort.ts";

export interface Crashed {
  /** When the lock was asked for, and granted, on the clock of {@link nowMs}. */
  readonly askedAt: number;
  readonly grantedAt: number;
  /** Of tries before. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Time for the word to get out, and too short for a renewal. */
const lastWordsMs = 5;

/** On a busy machine a round may take too long. */
const mostTries = 5;

/** Takes a lock, says so, and is gone: by `SIGKILL`, without giving it back. */
export async function crash(
  system: OpenSystem,
  { resource }: { readonly resource: string },
): Promise<Crashed> {
  const trouble = new Trouble();
  for (let tries = 1; ; tries++) {
    const askedAt = nowMs();
    try {
      await system.acquire(resource);
      const grantedAt = nowMs();
      setTimeout(() => process.kill(process.pid, "SIGKILL"), lastWordsMs);
      return { askedAt, grantedAt, errors: { ...trouble.counts } };
    } catch (error) {
      if (tries === mostTries) throw error;
      trouble.add(error);
    }
  }
}
