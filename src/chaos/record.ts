import type { HistoryEvent } from "../testing.ts";
import type { ClientLane, FaultNote, LinkSpan, NodeBand } from "./lane.ts";
import type { Step } from "./schedule/step.ts";
import type { Liveness, Verdict } from "./verdict.ts";

export type * from "./lane.ts";
export type * from "./verdict.ts";
export type { HistoryEvent, Step };

/**
 * What one run leaves behind, as one JSON file: `RunRecord` is read by the picture and by the index, and
 * is all that they read. Instants are milliseconds since the run began, fractions included, on the one
 * monotonic clock of the machine: those of different processes compare. An `attempt` is one try to get a
 * lock; events, grants, beliefs, sections and findings refer to it by its name, which is unique in a run.
 *
 * Lists are in the order of their instants. A field that is not known is absent.
 */
export interface RunRecord {
  readonly format: "quorumlock-chaos 1";
  readonly system: SystemNote;
  readonly scenario: ScenarioNote;
  readonly seed: string;
  /** The command that runs the same again. */
  readonly replay: string;
  /** When, in the time of day: ISO 8601. */
  readonly recordedAt: string;
  /** How long the whole run took: the last instant of the record. */
  readonly durationMs: number;
  readonly machine: MachineNote;
  readonly settings: SettingsNote;
  readonly clients: readonly ClientLane[];
  readonly nodes: readonly NodeBand[];
  /** Ways between a client and a node that were not as they should be. */
  readonly links: readonly LinkSpan[];
  /** What was hurt and healed, in words. */
  readonly faults: readonly FaultNote[];
  /** The schedule as it was given: `quorumlock chaos --schedule` plays it again. */
  readonly schedule: readonly Step[];
  /** Everything that was observed, as the checker of `quorumlock/testing` reads it. */
  readonly events: readonly HistoryEvent[];
  readonly verdict: Verdict;
  readonly liveness: Liveness;
}

export interface SystemNote {
  /** As `--system` takes it, such as `quorumlock` or `redlock:sensible`. */
  readonly name: string;
  readonly version: string;
  readonly about: string;
}

export interface ScenarioNote {
  /** As `--scenario` takes it. */
  readonly name: string;
  /** Its row in the matrix of docs/CHAOS.md; absent for a schedule from a file. */
  readonly row?: number;
  readonly about: string;
}

export interface MachineNote {
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  /** Where the masters come from, with their version. */
  readonly masters: string;
  /** How links are cut. */
  readonly partitions: "proxy" | "network namespaces";
  /** Why packets were kept back by the proxy, where the schedule has them swallowed. */
  readonly whyByProxy?: string;
}

export interface SettingsNote {
  readonly nodeCount: number;
  readonly clientCount: number;
  readonly ttlMs: number;
  readonly resources: readonly string[];
  /** Whatever else the system was given, as it prints. */
  readonly system: Readonly<Record<string, string | number | boolean>>;
}
