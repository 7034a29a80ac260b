import type { Random } from "../core/world.ts";

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * What ioredis must not do for a vote, whatever the caller's client does: queue commands for later,
 * send them again after a reconnection (perhaps to a server that was restarted without its data), or
 * wait for ever. Deadlines are the round's; `maxRetriesPerRequest: 0` makes a broken connection reject
 * what was in flight (https://github.com/redis/ioredis/issues/2193).
 */
export function safeOptions(random: Random): object {
  return {
    lazyConnect: true,
    keyPrefix: "",
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    reconnectOnError: null,
    enableAutoPipelining: false,
    enableReadyCheck: false,
    autoResubscribe: false,
    readOnly: false,
    monitor: false,
    commandTimeout: undefined,
    socketTimeout: undefined,
    stringNumbers: false,
    replyMapping: "legacy",
    connectTimeout: 2_000,
    disconnectTimeout: 100,
    retryStrategy: (attempt: number) => {
      const pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
      return pauseMs * (0.5 + random.next() / 2);
    },
  };
}
