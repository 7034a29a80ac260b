import { once } from "node:events";
import { connect } from "node:net";
import { median } from "../statistics.ts";
import type { OpenSystem } from "../system.ts";

/** How long an answer of each server takes, in microseconds: the median of so many PINGs to each. */
export async function roundTrips(
  _: OpenSystem,
  { urls, count }: { readonly urls: readonly string[]; readonly count: number },
): Promise<number[]> {
  return Promise.all(
    urls.map(async (url) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname).setNoDelay(true);
      await once(socket, "connect");
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        socket.write("PING\r\n");
        await once(socket, "data");
        times.push(1_000 * (performance.now() - start));
      }
      socket.destroy();
      return median(times);
    }),
  );
}
