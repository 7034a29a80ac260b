import { openSync, readSync } from "node:fs";

/**
 * Milliseconds since the run began, on the machine's monotonic clock: the same in all processes. In one
 * whose clocks were moved, what they were moved by is taken away again.
 */
export function trueTime(originMs: number, clockPath?: string): () => number {
  const here = (): number => Number(process.hrtime.bigint()) / 1e6 - originMs;
  if (clockPath === undefined) return here;
  const file = openSync(clockPath, "r");
  const moved = new BigInt64Array(2);
  return () => {
    readSync(file, moved, 0, 16, 0);
    return here() - Number(moved[1]) / 1_000;
  };
}
