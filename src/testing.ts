/**
 * For those who write a node or a backend, or test code that takes locks: contract suites, a world whose
 * time and chance are under control, and a judge of what was observed.
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

// What a lock may have been seen to do.
export {
  allChecks,
  checkHistory,
  type CheckOptions,
  type HistoryReport,
} from "./testing/history/checker.ts";
export { RecordingBackend, type Recording } from "./testing/simulation/recording-backend.ts";
export { simulate, type RunOptions, type SimulatedRun } from "./testing/simulation/run.ts";
export { Simulation, type SimulationOptions } from "./testing/simulation/simulation.ts";
export type { SimulatedFault } from "./testing/simulation/fault.ts";
export type { Coverage } from "./testing/history/coverage.ts";
export type { EventOf, HistoryEvent } from "./testing/history/event.ts";
export type { CheckId, Violation } from "./testing/history/violation.ts";

// What a node has to be.
export {
  NodeError,
  type ExtensionTerms,
  type LockNode,
  type NodeAnswer,
} from "./quorum/lock-node.ts";
export {
  foundingEntry,
  type Entry,
  type NodeState,
  type Terms as QuorumTerms,
} from "./quorum/entry.ts";
export { QuorumBackend } from "./quorum/quorum-backend.ts";
export type { QuorumOptions } from "./quorum/settings.ts";
