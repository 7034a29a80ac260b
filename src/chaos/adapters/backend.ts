import type { LockManager } from "../../index.ts";
import type { NodeEvent, RedisQuorumOptions } from "../../redis.ts";
import type { Authority, Database } from "../authority.ts";
import type { ClientOrders } from "../client/message.ts";
import type { Notes } from "./lock-client.ts";
import { openPool } from "./sql-pool.ts";

type RedisEntry = typeof import("../../redis.ts");
type ZooKeeperEntry = typeof import("../../zookeeper.ts");

/** A backend of this library, or of a build of it that is broken on purpose. */
export interface OpenBackend {
  readonly backend: ConstructorParameters<typeof LockManager>[0];
  /** How many votes a grant needs. */
  readonly quorum: number;
  /** Ends what the backend was given, after it was closed. */
  readonly end: () => Promise<void>;
}

type Open = (orders: ClientOrders, notes: Notes) => Promise<OpenBackend>;

const opening: Readonly<Record<Authority, Open>> = {
  redis: openRedis,
  postgres: (orders) => openDatabase("postgres", orders),
  mariadb: (orders) => openDatabase("mariadb", orders),
  zookeeper: openZooKeeper,
};

/** One for the authority that the orders name. */
export function openBackend(orders: ClientOrders, notes: Notes): Promise<OpenBackend> {
  return opening[orders.authority](orders, notes);
}

const nothing = (): Promise<void> => Promise.resolve();

async function openRedis(
  { build, urls, settings }: ClientOrders,
  { tellNode }: Notes,
): Promise<OpenBackend> {
  const { redisQuorum } = (await import(`${build}redis.js`)) as RedisEntry;
  const onEvent = (event: NodeEvent): void => tellNode(event);
  const options = { ...(settings as RedisQuorumOptions), onEvent };
  const quorum = Math.floor(urls.length / 2) + 1;
  return { backend: redisQuorum(urls, options), quorum, end: nothing };
}

async function openDatabase(database: Database, orders: ClientOrders): Promise<OpenBackend> {
  const { build, urls, settings, peers } = orders;
  const [url = ""] = urls;
  const pool = await openPool(database, { url, peers });
  return { backend: await pool.backend(build, settings), quorum: 1, end: () => pool.end() };
}

async function openZooKeeper({ build, urls, settings }: ClientOrders): Promise<OpenBackend> {
  const { zookeeperBackend } = (await import(`${build}zookeeper.js`)) as ZooKeeperEntry;
  const backend = zookeeperBackend(urls.map(hostOf).join(","), settings);
  return { backend, quorum: 1, end: nothing };
}

/** Its address and port. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
