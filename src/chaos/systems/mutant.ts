import type { Property } from "../verdict.ts";
import type { Patch } from "./patched-build.ts";

/** A way to break this library, in few lines: the harness has to notice. */
export interface Mutant {
  readonly name: string;
  readonly about: string;
  readonly patches: readonly Patch[];
  readonly scenarios: readonly string[];
  /** What has to break in each of them; that something else did would prove nothing of it. */
  readonly by: Property;
}
