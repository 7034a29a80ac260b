import type { World } from "../core/world.ts";
import { seededRandom } from "./seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface VirtualWorld extends World {
  readonly clock: VirtualClock;
}

/** A world in which nothing happens by itself, and the same seed brings the same chances. */
export function virtualWorld(seed: number = 1): VirtualWorld {
  const process = { host: "virtual", pid: 1 };
  return { clock: new VirtualClock(), random: seededRandom(seed), process };
}
