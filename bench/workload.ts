import type { Masters } from "../src/masters/masters.ts";
import type { System } from "./system.ts";

export interface Workload<Result> {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly about: string;
  run(setting: Setting): Promise<Result>;
  /** The result as text for a terminal. */
  print(result: Result): string;
}

export interface Setting {
  readonly masters: Masters;
  readonly systems: readonly System[];
  /** Less rounds: to see that it runs, not to quote. */
  readonly isQuick: boolean;
  readonly onProgress: (text: string) => void;
}
