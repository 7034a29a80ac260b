import { availableParallelism } from "node:os";
import type { Order } from "./order.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

/** So many worlds one process is given at a time. */
const batchSize = 64;

export interface PoolOptions {
  readonly firstSeed: number;
  readonly runCount: number;
  readonly world: Order["world"];
  /** The source under test. */
  readonly source: string;
  /** Told after each batch; `false` ends the run. */
  readonly onProgress?: (tally: Tally) => boolean;
}

/** Runs worlds with seeds in a row, in as many processes as there are cores. */
export async function runWorlds(options: PoolOptions): Promise<Tally> {
  const { firstSeed, runCount, world, source, onProgress } = options;
  const total = emptyTally();
  let next = firstSeed;
  let isEnding = false;
  await runOrders(source, {
    next: () => {
      const count = Math.min(batchSize, firstSeed + runCount - next);
      if (isEnding || count <= 0) return undefined;
      next += count;
      return { seeds: row(next - count, count), world };
    },
    onTally: (_, tally) => {
      merge(total, tally);
      if (tally.crash !== undefined || onProgress?.(total) === false) isEnding = true;
    },
  });
  return total;
}

export interface Work {
  /** For a process that has nothing to do; it ends when there is nothing. */
  readonly next: () => Order | undefined;
  readonly onTally: (order: Order, tally: Tally) => void;
}

/** Has orders carried out, in as many processes as there are cores; one that is brought down is replaced. */
export async function runOrders(source: string, work: Work): Promise<void> {
  await Promise.all(Array.from({ length: availableParallelism() }, () => serve(source, work)));
}

/** So many seeds from the first one on. */
export function row(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function serve(source: string, { next, onTally }: Work): Promise<void> {
  let worker: WorkerProcess | undefined;
  for (let order = next(); order !== undefined; order = next()) {
    worker ??= new WorkerProcess(source);
    const tally = await worker.run(order);
    if (tally.crash !== undefined) worker = undefined;
    onTally(order, tally);
  }
  await worker?.end();
}
