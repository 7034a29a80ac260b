import type { Footprint } from "./message.ts";

/** What this process has in memory and open now. Without `--expose-gc` garbage counts, too. */
export function footprint(): Footprint {
  globalThis.gc?.();
  const open = process.getActiveResourcesInfo();
  const count = (name: string): number => open.filter((each) => each === name).length;
  return {
    heapBytes: process.memoryUsage().heapUsed,
    sockets: count("TCPSocketWrap"),
    timers: count("Timeout"),
  };
}
