import type { System } from "../system.ts";
import { versionOf } from "../package-version.ts";
import { connect, disconnect } from "./clients.ts";
import { cannot, compareAndDelete, quorumOf } from "./measuring-stick.ts";

/**
 * The measuring stick: what a lock costs at least over ioredis. `SET NX PX` to all masters, done with the
 * third OK; a compare-and-delete script to all, done with the third answer.
 */
export const rawIoredis: System = {
  name: "raw ioredis fan-out",
  version: versionOf("ioredis"),
  cannot,
  async open(urls, { ttlMs }) {
    const clients = await connect(urls);
    const shas = await Promise.all(
      clients.map((client) => client.script("LOAD", compareAndDelete)),
    );
    const sha = String(shas[0]);
    const quorum = quorumOf(clients.length);
    let count = 0;
    const fanOut = (send: (client: (typeof clients)[number]) => Promise<unknown>): Promise<void> =>
      new Promise((resolve, reject) => {
        let answers = 0;
        let failures = 0;
        for (const client of clients) {
          send(client).then(
            () => {
              if (++answers === quorum) resolve();
            },
            (error: unknown) => {
              if (++failures > clients.length - quorum) reject(error);
            },
          );
        }
      });
    return {
      async acquire(resource) {
        const value = `value-${process.pid}-${count++}`;
        await fanOut((client) => client.set(resource, value, "PX", ttlMs, "NX"));
        return () => fanOut((client) => client.evalsha(sha, 1, resource, value));
      },
      close: () => disconnect(clients),
    };
  },
};
