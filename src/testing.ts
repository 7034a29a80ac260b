/**
 * For those who write a node or a backend, or test code that takes locks: contract suites, and a world
 * whose time and chance are under control.
 *
 * @module
 */
export type { Contract, ContractCase, Passing } from "./testing/contract.ts";
export { nodeContract, type NodeFixture } from "./testing/node-contract.ts";
export { lockContract, type LockFixture } from "./testing/lock-contract.ts";
export { webLocksContract } from "./testing/web-locks-contract.ts";
export { seededRandom } from "./testing/seeded-random.ts";
export { settled, VirtualClock } from "./testing/virtual-clock.ts";
export { virtualWorld, type VirtualWorld } from "./testing/virtual-world.ts";

// What a node has to be.
export { NodeError, type LockNode, type NodeAnswer } from "./quorum/lock-node.ts";
export { QuorumBackend, type QuorumOptions } from "./quorum/quorum-backend.ts";
