/**
 * Nodes in this process: for tests, and for a first look. The lock behaves as over real nodes, but
 * nobody outside of the process takes part.
 *
 * @module
 */
import { wholeNumber } from "./core/expectation.ts";
import type { LockBackend } from "./core/lock-backend.ts";
import type { World } from "./core/world.ts";
import { MemoryNode } from "./memory/memory-node.ts";
import { Outlet } from "./memory/outlet.ts";
import { QuorumBackend } from "./quorum/quorum-backend.ts";
import { resolved, type QuorumSettings } from "./quorum/settings.ts";
import { systemWorld, timeOfDay } from "./system/system-world.ts";

export type { Outlet };

export interface MemoryQuorum extends LockBackend {
  /** The nodes' servers, to be stopped, started and made to forget in tests. */
  readonly nodes: readonly Outlet[];
}

/**
 * @param count how many nodes; 1 to 99, by default 5.
 * @param world time and chance; the real ones by default.
 */
export function memoryQuorum(
  count: number = 5,
  world: World = systemWorld,
  settings: QuorumSettings = {},
): MemoryQuorum {
  wholeNumber(count, { name: "count", least: 1, most: 99 });
  const { terms } = resolved(settings, count);
  // In the real world nodes have the time of day, so that fencing tokens grow over processes.
  const originMs = world === systemWorld ? timeOfDay(0) : 0;
  const clock = { now: () => originMs + world.clock.now() };
  const outlets = Array.from({ length: count }, () => new Outlet(clock));
  const nodes = outlets.map(
    ({ link, hearing }, index) =>
      new MemoryNode({ id: `memory:${index + 1}`, link, hearing, terms }),
  );
  return Object.assign(new QuorumBackend(nodes, { ...settings, world }), { nodes: outlets });
}
