import { readFileSync } from "node:fs";
import { LockManager } from "../../dist/index.js";
import { redisQuorum } from "../../dist/redis.js";
import { ttlMs, type System } from "../system.ts";

const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");

export const quorumlock: System = {
  name: "quorumlock",
  version: (JSON.parse(manifest) as { version: string }).version,
  open(urls) {
    const locks = new LockManager(redisQuorum(urls), { ttlMs });
    return Promise.resolve({
      async acquire(resource) {
        const lock = await locks.acquire(resource);
        return () => lock.release();
      },
      close: () => locks.close(),
    });
  },
};
