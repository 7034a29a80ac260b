/**
 * Locks on a ZooKeeper ensemble. It needs no client library.
 *
 * @module
 */
import type { LockBackend } from "./core/lock-backend.ts";
import { systemWorld } from "./system/system-world.ts";
import {
  resolvedSettings,
  type ZooKeeperAcl,
  type ZooKeeperAuth,
  type ZooKeeperOptions,
} from "./zookeeper/settings.ts";
import { ZooKeeperBackend } from "./zookeeper/zookeeper-backend.ts";

export type { ZooKeeperAcl, ZooKeeperAuth, ZooKeeperOptions };

/**
 * A backend of one ZooKeeper ensemble, 3.5 or newer. Whoever waits is next in turn, over all
 * processes, and is told.
 *
 * It opens one connection with the first use and closes it with the backend.
 *
 * @param servers ZooKeeper's connection string:
 * `"10.0.0.1:2181,10.0.0.2:2181,10.0.0.3:2181/chroot"`.
 * @throws {TypeError | RangeError} for what is no connection string, and for bad options.
 */
export function zookeeperBackend(servers: string, options?: ZooKeeperOptions): LockBackend {
  return new ZooKeeperBackend(resolvedSettings(servers, options), systemWorld);
}
