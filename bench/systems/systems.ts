import type { System } from "../system.ts";
import { quorumlock } from "./quorumlock.ts";
import { rawIoredis } from "./raw-ioredis.ts";
import { rawSockets } from "./raw-sockets.ts";
import { redisSemaphore } from "./redis-semaphore.ts";
import { redlockUniversal } from "./redlock-universal.ts";
import { redlock, sesamecare } from "./redlock.ts";

/** All on Redis. The first one is what the others are compared with. */
export const systems: readonly System[] = [
  ...[rawIoredis, rawSockets, quorumlock],
  ...[redlock, sesamecare, redisSemaphore, redlockUniversal],
];
