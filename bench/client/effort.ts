import { sentCount } from "./sent.ts";

/** What a job took of this process. */
export interface Effort {
  /** Time of the processor, microseconds. */
  readonly cpuUs: number;
  readonly ms: number;
  /** How many commands it sent to Redis servers. */
  readonly commands: number;
}

export async function effortOf(work: () => Promise<void>): Promise<Effort> {
  const [cpu, sent] = [process.cpuUsage(), sentCount()];
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: user + system, ms, commands: sentCount() - sent };
}

/** What went wrong, and how often; addresses and numbers in it do not matter. */
export class Trouble {
  readonly counts: Record<string, number> = {};

  add(error: unknown): void {
    const text = String(error).split("\n")[0] ?? "";
    const words = text
      .replace(/127\.0\.0\.1:\d+/g, "a master")
      .replaceAll(/["'`][^"'`]*["'`]/g, "…")
      .replaceAll(/\d+/g, "N")
      .slice(0, 120);
    this.counts[words] = (this.counts[words] ?? 0) + 1;
  }
}

/** Memory in use after everything was collected that can be, in bytes. */
export function memory(): number {
  // Twice: what the first one finalizes, the second one collects.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
