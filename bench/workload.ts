import type { Figure, WorkloadResult } from "./result.ts";
import type { System } from "./system.ts";

export interface Workload {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly about: string;
  /** How it is measured, in a few sentences, for who reads the figures. */
  readonly how: string;
  /** Nothing may go wrong in it: if something does, the bench fails. */
  readonly isCalm?: boolean;
  /** The columns of its tables. */
  readonly figures: readonly Figure[];
  /** What is drawn. */
  readonly charts: readonly ChartPlan[];
  run(setting: Setting): Promise<WorkloadResult>;
}

/** Bars of one figure, a group for each case, a bar for each system. */
export interface ChartPlan {
  readonly figure: string;
  readonly title: string;
  /** The cases that are drawn, by how their names begin; all, unless said. */
  readonly cases?: readonly string[];
}

export interface Setting {
  /** The first one is what the others are compared with. */
  readonly systems: readonly System[];
  /** Less rounds: to see that it runs, not to quote. */
  readonly isQuick: boolean;
  readonly onProgress: (text: string) => void;
}
