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
import { QuorumBackend } from "./quorum/quorum-backend.ts";
import { systemWorld } from "./system/system-world.ts";

export { MemoryNode };

export interface MemoryQuorum extends LockBackend {
  /** The nodes, to be stopped, started and made to forget in tests. */
  readonly nodes: readonly MemoryNode[];
}

/**
 * @param count how many nodes; 1 to 99, by default 5.
 * @param world time and chance; the real ones by default.
 */
export function memoryQuorum(count: number = 5, world: World = systemWorld): MemoryQuorum {
  wholeNumber(count, { name: "count", least: 1, most: 99 });
  const ids = Array.from({ length: count }, (_, index) => `memory:${index + 1}`);
  const nodes = ids.map((id) => new MemoryNode({ id, clock: world.clock }));
  return Object.assign(new QuorumBackend(nodes, { world }), { nodes });
}
