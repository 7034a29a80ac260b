import type { System } from "../system.ts";

const redlocks = () => import("./redlock.ts");
const backends = () => import("./backends.ts");

const loaders: Readonly<Record<string, () => Promise<System>>> = {
  "raw ioredis fan-out": async () => (await import("./raw-ioredis.ts")).rawIoredis,
  "raw sockets": async () => (await import("./raw-sockets.ts")).rawSockets,
  quorumlock: async () => (await import("./quorumlock.ts")).quorumlock,
  redlock: async () => (await redlocks()).redlock,
  "@sesamecare-oss/redlock": async () => (await redlocks()).sesamecare,
  "redis-semaphore": async () => (await import("./redis-semaphore.ts")).redisSemaphore,
  "redlock-universal": async () => (await import("./redlock-universal.ts")).redlockUniversal,
  "Redis, 5 masters": async () => (await backends()).redisQuorum,
  PostgreSQL: async () => (await backends()).postgresql,
  MariaDB: async () => (await backends()).mariadb,
  "ZooKeeper, 3 servers": async () => (await backends()).zookeeper,
};

/** For a client, which loads nothing else. */
export function systemNamed(name: string): Promise<System> {
  const load = loaders[name];
  if (load === undefined) throw new Error(`there is no system ${name}`);
  return load();
}
