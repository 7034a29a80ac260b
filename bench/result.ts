import type { Spread } from "./statistics.ts";

/** A column: what is measured, and how it is written. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly digits: number;
  /** It is a ratio of this figure against the first system's, round by round. */
  readonly ratioOf?: string;
  readonly better?: "less" | "more";
}

export interface WorkloadResult {
  readonly cases: readonly CaseResult[];
  /** Who was not measured, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly system: string;
  readonly why: string;
}

export interface CaseResult {
  readonly name: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly system: string;
  readonly version: string;
  readonly figures: Readonly<Record<string, Spread>>;
  /** What went wrong, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What `--json` writes: what was measured, where, and with what. */
export interface Run {
  readonly format: typeof format;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly isQuick: boolean;
  readonly results: Readonly<Record<string, MeasuredWorkload>>;
}

export interface MeasuredWorkload extends WorkloadResult {
  readonly startedAt: string;
  readonly seconds: number;
  /** How many cores were at work in the second before it began. */
  readonly busyBefore: number;
}

/** What has to be the same for two results to be compared. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly memoryGiB: number;
}

export const format = "quorumlock-bench 2";
