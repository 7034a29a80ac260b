import { versionOf } from "../package-version.ts";
import { ttlMs, type System } from "../system.ts";
import { connect, disconnect } from "./clients.ts";

interface Lock {
  acquire(): Promise<object>;
  release(handle: object): Promise<boolean>;
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
  async open(urls) {
    const { IoredisAdapter, createRedlock } =
      (await import("redlock-universal")) as unknown as Module;
    const clients = await connect(urls);
    const adapters = clients.map((client) => new IoredisAdapter(client));
    return {
      async acquire(resource) {
        // Its locks are made for one key each.
        const lock = createRedlock({ adapters, key: resource, ttl: ttlMs });
        const handle = await lock.acquire();
        return () => lock.release(handle);
      },
      close: () => disconnect(clients),
    };
  },
};
