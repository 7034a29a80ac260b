import { describeValue, expected } from "../core/expectation.ts";
import type { IoredisClient, IoredisOptions } from "./ioredis.ts";

/** How a caller names a node: a URL, ioredis options, or an ioredis client. */
export type RedisNodeAddress = string | IoredisOptions | IoredisClient;

/** @throws {TypeError | RangeError} for a list that cannot be a quorum. */
export function checkedAddresses(given: unknown): readonly RedisNodeAddress[] {
  if (!Array.isArray(given)) throw new TypeError(expected("nodes", "an array", given));
  const list: unknown[] = given;
  if (list.length === 0) throw new RangeError("nodes: expected at least one, got []");
  return list.map((each, index) => checkedAddress(each, `nodes[${index}]`));
}

function checkedAddress(given: unknown, name: string): RedisNodeAddress {
  if (typeof given === "string") return checkedUrl(given, name);
  if (typeof given !== "object" || given === null) {
    throw new TypeError(expected(name, "a URL, ioredis options or an ioredis client", given));
  }
  if ("isCluster" in given && given.isCluster === true) {
    throw new TypeError(`${name}: expected one master, got a Redis Cluster client`);
  }
  return given as IoredisOptions | IoredisClient;
}

function checkedUrl(given: string, name: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isRedis = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (url !== undefined && isRedis && url.hostname !== "") return given;
  // What was given may hold a password: it is named by its type alone.
  throw new TypeError(
    `${name}: expected a URL such as redis://host:6379 or rediss://user:password@host:6379/0, ` +
      `got ${given === "" ? describeValue(given) : "a string that is not one"}`,
  );
}

export function isClient(address: RedisNodeAddress): address is IoredisClient {
  return typeof address === "object" && typeof address["duplicate"] === "function";
}

/** How messages name a node: where it is, and nothing of its credentials. */
export function nodeName({ host, port, path, db, sentinels, name }: IoredisOptions): string {
  const database = db === undefined || db === 0 ? "" : `/${db}`;
  if (path !== undefined && path !== null) return `${path}${database}`;
  if (Array.isArray(sentinels)) return `${sentinelNames(sentinels)}:${String(name)}${database}`;
  return `${host ?? "localhost"}:${port ?? 6379}${database}`;
}

/** Groups of different sentinels often have the same name. */
function sentinelNames(sentinels: readonly Pick<IoredisOptions, "host" | "port">[]): string {
  return sentinels.map(({ host, port }) => `${host ?? "localhost"}:${port ?? 26379}`).join("+");
}
