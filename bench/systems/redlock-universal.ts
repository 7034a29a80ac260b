import type { System } from "../system.ts";
import { versionOf } from "../package-version.ts";
import { heldInRoutine } from "./held-in-routine.ts";
import { connect, disconnect } from "./clients.ts";

interface Lock {
  acquire(): Promise<object>;
  release(handle: object): Promise<boolean>;
  using(routine: () => Promise<unknown>): Promise<unknown>;
}

interface Module {
  readonly IoredisAdapter: new (client: object) => object;
  readonly createRedlock: (config: {
    adapters: readonly object[];
    key: string;
    ttl: number;
  }) => Lock;
}

export const redlockUniversal: System = {
  name: "redlock-universal",
  version: versionOf("redlock-universal"),
  async open(urls, { ttlMs }) {
    const { IoredisAdapter, createRedlock } =
      (await import("redlock-universal")) as unknown as Module;
    const clients = await connect(urls);
    const adapters = clients.map((client) => new IoredisAdapter(client));
    // Its locks are made for one key each.
    const lockOf = (key: string): Lock => createRedlock({ adapters, key, ttl: ttlMs });
    return {
      async acquire(resource) {
        const lock = lockOf(resource);
        const handle = await lock.acquire();
        return () => lock.release(handle);
      },
      hold: (resource) => heldInRoutine((routine) => lockOf(resource).using(routine)),
      close: () => disconnect(clients),
    };
  },
};
