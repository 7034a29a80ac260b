/**
 * A key in Redis that refuses a holder whose lock has passed on to somebody else. It keeps the
 * newest token as well as that Redis keeps its data: a failover that forgets a write forgets its
 * token, too.
 */
import { Redis } from "ioredis";
import { StaleTokenError, type Change, type FencedStore } from "./fenced-store.ts";
import { staleHolder } from "./stale-holder.ts";

// A script runs as one step. Lua's numbers are exact up to 2^53, as tokens are.
const script = `
local newest = tonumber(redis.call("HGET", KEYS[1], "fencing-token") or 0)
if tonumber(ARGV[1]) < newest then return false end
redis.call("HSET", KEYS[1], "fencing-token", ARGV[1])
if ARGV[2] then redis.call("HSET", KEYS[1], "balance", ARGV[2]) end
return redis.call("HGET", KEYS[1], "balance") or "0"
`;

/** Each account is a hash: the balance, and the newest token that was there. */
export class RedisAccounts implements FencedStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async claim(id: string, fencingToken: number): Promise<number> {
    const balance = await this.#redis.eval(script, 1, id, fencingToken);
    if (balance === null) throw new StaleTokenError(id, fencingToken);
    return Number(balance);
  }

  async write(id: string, { balance, fencingToken }: Change): Promise<void> {
    const written = await this.#redis.eval(script, 1, id, fencingToken, balance);
    if (written === null) throw new StaleTokenError(id, fencingToken);
  }
}

if (process.argv[1] === import.meta.filename) {
  const redis = new Redis(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379");
  try {
    await staleHolder(new RedisAccounts(redis));
  } finally {
    redis.disconnect();
  }
}
