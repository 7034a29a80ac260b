import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Order } from "./order.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";

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

/** Runs worlds in as many processes as there are cores. */
export async function runWorlds(options: PoolOptions): Promise<Tally> {
  const { firstSeed, runCount, world, source, onProgress } = options;
  const total = emptyTally();
  let next = firstSeed;
  let isEnding = false;
  const nextOrder = (): Order | undefined => {
    const count = Math.min(batchSize, firstSeed + runCount - next);
    if (isEnding || count <= 0) return undefined;
    const seeds = Array.from({ length: count }, (_, index) => next + index);
    next += count;
    return { seeds, world };
  };
  const worker = fileURLToPath(new URL("worker.ts", import.meta.url));
  const workers = Array.from({ length: availableParallelism() }, async () => {
    const child = fork(worker, [source], { execArgv: ["--import", "tsx"] });
    await new Promise<void>((resolve) => {
      const give = (): void => {
        const order = nextOrder();
        if (order === undefined) child.disconnect();
        else child.send(order);
      };
      child.on("message", (tally: Tally) => {
        merge(total, tally);
        if (tally.crash !== undefined || onProgress?.(total) === false) isEnding = true;
        if (tally.crash === undefined) give();
      });
      child.on("exit", () => resolve());
    });
  });
  await Promise.all(workers);
  return total;
}
