import type { OneAuthority } from "../authority.ts";
import type { Property } from "../verdict.ts";
import type { Patch } from "./patched-build.ts";

/** A way to break this library, in few lines: the harness has to notice. */
export interface Mutant {
  readonly name: string;
  readonly about: string;
  readonly patches: readonly Patch[];
  /** On what it is tried; masters unless it says otherwise. */
  readonly authority?: OneAuthority;
  readonly scenarios: readonly string[];
  /** What has to break in each of them; that something else did would prove nothing of it. */
  readonly by: Property;
}
