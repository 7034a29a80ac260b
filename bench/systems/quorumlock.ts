import { readFileSync } from "node:fs";
import { LockManager, type LockBackend } from "../../dist/index.js";
import { redisQuorum } from "../../dist/redis.js";
import type { OpenOptions, OpenSystem, System } from "../system.ts";

const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
export const version = (JSON.parse(manifest) as { version: string }).version;

export const quorumlock: System = {
  name: "quorumlock",
  version,
  open: (urls, options) => Promise.resolve(managed(redisQuorum(urls), options)),
};

/** A manager over any backend, with its defaults. */
export function managed(backend: LockBackend, { ttlMs }: OpenOptions): OpenSystem {
  const locks = new LockManager(backend, { ttlMs });
  return {
    async acquire(resource) {
      const lock = await locks.acquire(resource);
      return () => lock.release();
    },
    // As it is: what a lock takes in memory is looked at.
    hold: (resource) => locks.acquire(resource),
    close: () => locks.close(),
  };
}
