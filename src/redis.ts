/**
 * A quorum of independent Redis masters, through ioredis 5 or 6.
 *
 * @module
 */
import { Redis } from "ioredis";
import { expected, knownOptions, wholeNumber } from "./core/expectation.ts";
import type { LockBackend } from "./core/lock-backend.ts";
import { QuorumBackend } from "./quorum/quorum-backend.ts";
import type { NodeEvent } from "./quorum/roster.ts";
import { resolved, settingNames, type QuorumSettings } from "./quorum/settings.ts";
import { checkedAddresses, isClient, nodeName, type RedisNodeAddress } from "./redis/address.ts";
import { Breaker, SpareNodes } from "./redis/breaker.ts";
import { Connection } from "./redis/connection.ts";
import { ServerRegister } from "./redis/fitness.ts";
import type { IoredisClient, IoredisConnection, IoredisOptions } from "./redis/ioredis.ts";
import { RedisNode } from "./redis/redis-node.ts";
import { safeOptions } from "./redis/safe-options.ts";
import { ScriptCalls } from "./redis/script-calls.ts";
import { systemWorld } from "./system/system-world.ts";

export type { IoredisClient, IoredisOptions, NodeEvent, QuorumSettings, RedisNodeAddress };

export interface RedisQuorumOptions extends QuorumSettings {
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
  /**
   * Told when a node is founded, has to wait until it votes, cannot vote any more, or leaves calls
   * unanswered. Must not throw.
   */
  readonly onEvent?: ((event: NodeEvent) => void) | undefined;
}

const optionNames = ["keyPrefix", "roundTimeoutMs", "onEvent", ...settingNames];

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
  const { keyPrefix, ...checked } = checkedOptions(options);
  const { roundTimeoutMs, onEvent } = checked;
  const { terms } = resolved(checked, models.length);
  const world = systemWorld;
  const register = new ServerRegister();
  const spare = new SpareNodes(models.length - terms.quorum);
  const calls = new Map<string, ScriptCalls>();
  const redisNodes = models.map((model) => {
    const prefix = prefixOf(model) + keyPrefix;
    const callsHere = calls.get(prefix) ?? new ScriptCalls(prefix, terms);
    calls.set(prefix, callsHere);
    const newClient = (): IoredisConnection =>
      model.duplicate(safeOptions(world.random)) as IoredisConnection;
    const client = newClient();
    const id = nodeName(client.options);
    const key = callsHere.entryKey;
    const { clock } = world;
    const breaker = new Breaker(spare, (isOpen, why) => onEvent?.(breakerEvent(id, isOpen, why)));
    const connection = new Connection(client, {
      name: id,
      clock,
      register,
      terms,
      roundTimeoutMs,
      breaker,
      key,
    });
    return new RedisNode({ id, connection, calls: callsHere, clock, newClient });
  });
  refuseTwins(redisNodes.map((node) => node.id));
  return new QuorumBackend(redisNodes, { world, ...checked });
}

function breakerEvent(node: string, isOpen: boolean, why: string): NodeEvent {
  const type = isOpen ? "overdue" : "answering";
  const message = `${node} ${why}, and is ${isOpen ? "not asked until it does" : "asked again"}`;
  return { node, type, votesInMs: isOpen ? Infinity : 0, message };
}

function checkedOptions(given: unknown): RedisQuorumOptions & { keyPrefix: string } {
  const options: RedisQuorumOptions = knownOptions(given, optionNames, "redisQuorum");
  const { keyPrefix = "quorumlock:", roundTimeoutMs, onEvent } = options;
  if (onEvent !== undefined && typeof onEvent !== "function") {
    throw new TypeError(expected("onEvent", "a function", onEvent));
  }
  if (typeof keyPrefix !== "string") {
    throw new TypeError(expected("keyPrefix", "a string", keyPrefix));
  }
  const range = { name: "roundTimeoutMs", least: 1, most: 60_000 };
  if (roundTimeoutMs !== undefined) wholeNumber(roundTimeoutMs, range);
  return { ...options, keyPrefix };
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
