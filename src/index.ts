/**
 * Locks across machines. A backend says who grants them: `quorumlock/redis`, `quorumlock/zookeeper`,
 * `quorumlock/postgres`, `quorumlock/mysql`, `quorumlock/memory`.
 *
 * @module
 */
export { LockManager } from "./core/lock-manager.ts";

// What is held, and what is asked for.
export type { Mode } from "./core/claim.ts";
export type { Lock, LockInfo, LockManagerSnapshot } from "./core/lock.ts";
export type {
  AcquireOptions,
  LockOptions,
  ManagerOptions,
  RequestOptions,
  TryAcquireOptions,
} from "./core/option.ts";

// What can go wrong, and what the nodes said to it.
export {
  ConfigurationError,
  LockError,
  LockHeldError,
  LockLostError,
  QuorumError,
} from "./core/error.ts";
export type { LockErrorCode, LossReason } from "./core/error.ts";
export type {
  GrantedVote,
  HolderInfo,
  RefusalReason,
  RefusedVote,
  UnknownVote,
  Vote,
} from "./core/vote.ts";
export type { HolderReport, Inspection, NodeHolder, NodeReport } from "./core/inspection.ts";

// What a backend has to do; `quorumlock/testing` has the suite that it must pass.
export type { Claim, Waiting } from "./core/claim.ts";
export type {
  Attempt,
  Extension,
  FailedWhy,
  ForcedRelease,
  LockBackend,
  ReleaseOutcome,
  Subscription,
} from "./core/lock-backend.ts";
export type {
  BackendPromises,
  ClockAuthority,
  Fairness,
  FencingSource,
  ServerFault,
  WakeUp,
} from "./core/backend-promises.ts";
export type { Clock, ProcessIdentity, Random, Timer, World } from "./core/world.ts";
