import type { AdapterName, ClientOrders } from "../client/message.ts";
import type { LockClient, Notes } from "./lock-client.ts";
import { ObservedClient, type PeerClient } from "./observed.ts";
import { openPlain } from "./plain.ts";
import { openQuorumlock } from "./quorumlock.ts";
import { openRecipe } from "./recipe.ts";
import { openRedisSemaphore } from "./redis-semaphore.ts";
import { openRedlock } from "./redlock.ts";
import { openRedlockUniversal } from "./redlock-universal.ts";

type OpenPeer = (orders: ClientOrders, notes: Notes) => Promise<PeerClient>;

const peers: Record<Exclude<AdapterName, "quorumlock">, OpenPeer> = {
  plain: openPlain,
  recipe: openRecipe,
  redlock: openRedlock,
  "redis-semaphore": openRedisSemaphore,
  "redlock-universal": openRedlockUniversal,
};

/** One client of the system that the orders name. */
export async function openAdapter(orders: ClientOrders, notes: Notes): Promise<LockClient> {
  const { adapter } = orders;
  if (adapter === "quorumlock") return openQuorumlock(orders, notes);
  return new ObservedClient(await peers[adapter](orders, notes), notes);
}
