import type { Mode } from "../../index.ts";
import type { Authority } from "../authority.ts";
import type { AdapterName } from "../client/message.ts";
import type { Column } from "../scenarios/scenario.ts";
import type { Property } from "../verdict.ts";
import type { Patch } from "./patched-build.ts";

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** What a scenario wants of a system. */
export interface Wanted {
  readonly ttlMs: number;
  readonly maxSkewMs: number;
}

/** Something that says that it is a lock: what `--system` names. */
export interface System {
  readonly name: string;
  readonly about: string;
  readonly kind: "ours" | "plain" | "peer" | "mutant" | "recipe";
  readonly adapter: AdapterName;
  /** What kind of servers it is given. */
  readonly authority: Authority;
  /** How many, where that is not the scenario's to say. */
  readonly nodeCount?: number;
  /** For how long somebody who died keeps the others out, in milliseconds; the ttl by default. */
  readonly heldAfterDeathMs?: (ttlMs: number) => number;
  /** By which column of the matrix it is judged. */
  readonly column: Column;
  readonly hasTokens: boolean;
  readonly modes: readonly Mode[];
  readonly takesSeveral: boolean;
  /**
   * Whether rows of one voter may not show in it: because it waits for nodes that cannot be reached, or
   * gives up too soon after one was away.
   */
  readonly mayShowLess?: boolean;
  readonly settings: (wanted: Wanted) => Settings;
  /** The package that it is, for peers. */
  readonly package?: string;
  /** What is broken in it, for mutants. */
  readonly patches?: readonly Patch[];
  /** The scenarios that convict it, for mutants and recipes. */
  readonly scenarios?: readonly string[];
  /** What has to break there, for mutants and recipes. */
  readonly convictedBy?: Property;
}
