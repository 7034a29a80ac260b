import type { Patch } from "./patched-build.ts";

/** A way to break this library, in few lines: the harness has to notice. */
export interface Mutant {
  readonly name: string;
  readonly about: string;
  readonly patches: readonly Patch[];
  readonly scenarios: readonly string[];
}
