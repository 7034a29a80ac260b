/**
 * A quorum of independent Redis masters, through ioredis 5 or 6.
 *
 * @module
 */
import { Redis } from "ioredis";
import { expected, knownOptions, wholeNumber } from "./core/expectation.ts";
import type { LockBackend } from "./core/lock-backend.ts";
import { QuorumBackend } from "./quorum/quorum-backend.ts";
import { checkedAddresses, isClient, nodeName, type RedisNodeAddress } from "./redis/address.ts";
import { Connection } from "./redis/connection.ts";
import { ServerRegister } from "./redis/fitness.ts";
import type { IoredisClient, IoredisConnection, IoredisOptions } from "./redis/ioredis.ts";
import { RedisNode } from "./redis/redis-node.ts";
import { safeOptions } from "./redis/safe-options.ts";
import { ScriptCalls } from "./redis/script-calls.ts";
import { systemWorld } from "./system/system-world.ts";

export type { IoredisClient, IoredisOptions, RedisNodeAddress };

export interface RedisQuorumOptions {
  /**
   * What stands before the resource in a key.
   *
   * @defaultValue "quorumlock:"
   */
  readonly keyPrefix?: string | undefined;
  /**
   * For how long one round over the nodes may take, in milliseconds: 1 to 60 000. A round that has its
   * quorum never waits for the others, so this only bounds the time until an error.
   *
   * @defaultValue 5 % of the ttl, at least 50, at most 500, and never more than a third of the ttl
   */
  readonly roundTimeoutMs?: number | undefined;
}

const optionNames = ["keyPrefix", "roundTimeoutMs"];

/**
 * A backend of N independent masters; a lock is held when `floor(N / 2) + 1` of them say so.
 *
 * Each node gets a connection of its own, opened with the first use and closed with the backend. A
 * client that is handed in is not used for locks and never closed: its options are taken over, but
 * for those that make a lock unsafe, such as its offline queue.
 *
 * @param nodes URLs, ioredis options or ioredis clients; all processes must be given the same nodes.
 * @throws {TypeError | RangeError} for what cannot be a list of nodes.
 */
export function redisQuorum(
  nodes: readonly RedisNodeAddress[],
  options?: RedisQuorumOptions,
): LockBackend {
  const models = checkedAddresses(nodes).map(modelClient);
  const { keyPrefix, roundTimeoutMs } = checkedOptions(options);
  const world = systemWorld;
  const register = new ServerRegister();
  const calls = new Map<string, ScriptCalls>();
  const redisNodes = models.map((model) => {
    const prefix = prefixOf(model) + keyPrefix;
    const callsHere = calls.get(prefix) ?? new ScriptCalls(prefix);
    calls.set(prefix, callsHere);
    const client = model.duplicate(safeOptions(world.random)) as IoredisConnection;
    const id = nodeName(client.options);
    const connection = new Connection(id, client, world.clock, register);
    return new RedisNode({ id, connection, calls: callsHere });
  });
  refuseTwins(redisNodes.map((node) => node.id));
  return new QuorumBackend(redisNodes, { world, roundTimeoutMs });
}

function checkedOptions(given: unknown): { keyPrefix: string; roundTimeoutMs: number | undefined } {
  const { keyPrefix = "quorumlock:", roundTimeoutMs } = knownOptions(
    given,
    optionNames,
    "redisQuorum",
  );
  if (typeof keyPrefix !== "string") {
    throw new TypeError(expected("keyPrefix", "a string", keyPrefix));
  }
  const range = { name: "roundTimeoutMs", least: 1, most: 60_000 };
  return {
    keyPrefix,
    roundTimeoutMs: roundTimeoutMs === undefined ? undefined : wholeNumber(roundTimeoutMs, range),
  };
}

/** A client that carries the caller's options. One that is made here never connects. */
function modelClient(address: RedisNodeAddress): IoredisClient {
  if (isClient(address)) return address;
  if (typeof address === "string") return new Redis(address, { lazyConnect: true });
  const plain: IoredisClient = new Redis({ lazyConnect: true });
  return plain.duplicate({ ...address, lazyConnect: true }) as IoredisClient;
}

/** ioredis can put something before every key; we do it ourselves. */
function prefixOf(model: IoredisClient): string {
  const { keyPrefix } = model.options as IoredisOptions;
  return keyPrefix === undefined || keyPrefix === null ? "" : String(keyPrefix);
}

function refuseTwins(ids: readonly string[]): void {
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin !== undefined) throw new RangeError(`nodes: ${twin} stands in the list twice`);
}
