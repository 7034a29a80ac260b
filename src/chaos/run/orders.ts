import type { ClientOrders } from "../client/message.ts";
import type { RunOptions } from "./run.ts";

/** Of the ttl: the longest that a client that works by itself holds a lock, rests, and waits. */
const holdShare = 0.4;
const restShare = 0.1;
const waitShare = 4;

type Place = Pick<ClientOrders, "build" | "originMs" | "urls" | "settings">;

/** What a client of this name is started with. */
export function ordersFor(name: string, options: RunOptions, place: Place): ClientOrders {
  const { system, scenario, seed, ttlMs, peers } = options;
  const { adapter, authority, modes, takesSeveral } = system;
  return {
    ...{ name, adapter, authority, peers, ttlMs, ...place },
    work: {
      seed: seedFor(seed, name),
      resources: scenario.resources,
      modes,
      takesSeveral: takesSeveral && scenario.resources.length > 1,
      longestHoldMs: ttlMs * holdShare,
      longestRestMs: ttlMs * restShare,
      waitMs: ttlMs * waitShare,
    },
  };
}

/** Another one for each client. */
function seedFor(seed: number, name: string): number {
  return Array.from(name).reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) >>> 0, seed);
}
