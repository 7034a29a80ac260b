import type { Random } from "../../index.ts";
import type { Authority } from "../authority.ts";
import type { Property } from "../verdict.ts";
import type { Step } from "../schedule/step.ts";
import type { Wanted } from "../systems/system.ts";

/** The columns of the matrix: what kind of lock it is. */
export type Column = "plain" | "default" | "strict";

export type Expectation = "holds" | "breaks" | "either";
export type Expectations = Partial<Record<Property, Expectation>>;

/** When too little happened to say that all is right. */
export type Proof =
  /** Somebody has to have been granted so many locks. */
  | { readonly grants: number }
  /** A wanted lock has to have changed hands while something was broken. */
  | "handoff under fault"
  | "none";

/** What a schedule can be made of. */
export interface Plan {
  readonly random: Random;
  readonly authority: Authority;
  readonly nodeCount: number;
  readonly clients: readonly string[];
  readonly ttlMs: number;
  readonly durationMs: number;
}

/** A row of the matrix: what happens, and what has to hold. */
export interface Scenario {
  readonly name: string;
  /** Its number in the matrix of docs/CHAOS.md. */
  readonly row: number;
  readonly about: string;
  /** For which it makes sense. */
  readonly authorities: readonly Authority[];
  readonly nodeCount: number;
  readonly clientCount: number;
  readonly ttlMs: number;
  readonly resources: readonly string[];
  readonly durationMs: number;
  /** What has to be movable: nodes' clocks, clients' clocks. */
  readonly clocks: readonly ("nodes" | "clients")[];
  /** Whether nodes write an append-only file. */
  readonly isPersistent: boolean;
  /** What `redis-server` of this node is told beside the usual. */
  readonly serverArguments?: (node: number) => readonly string[];
  /** Whether its nodes take `DEBUG` from this machine. */
  readonly mayDebug?: boolean;
  /** What differs from the usual for this library. */
  readonly wanted?: Partial<Wanted>;
  /** What differs from that for one client. */
  readonly odd?: Readonly<Record<string, OddClient>>;
  readonly proof: (column: Column) => Proof;
  readonly expectations: Readonly<Record<Column, Expectations>>;
  /** The share of the requests that has to be granted, where most nodes are there all the time. */
  readonly leastAvailability?: number;
  /** Between the last fault and the healing nobody may get a lock, and has to hear it in time. */
  readonly outage?: { readonly longestErrorMs: number };
  /**
   * Whether it shows only when a client that does not reach one node tries a second time. Other libraries
   * wait for that node in their first round.
   */
  readonly needsSecondTry?: boolean;
  /** How many grants of what it is about each client has to get, with this library. */
  readonly owed?: Readonly<Record<string, number>>;
  readonly schedule: (plan: Plan) => readonly Step[];
}

export interface OddClient {
  readonly wanted?: Partial<Wanted>;
  /** Those that it is given, from 1; one that is there twice has two addresses. */
  readonly nodes?: readonly number[];
}

const promised = {
  exclusion: "holds",
  birth: "holds",
  belief: "holds",
  tokens: "holds",
  fence: "holds",
  hygiene: "holds",
  errors: "holds",
  liveness: "holds",
} as const;

const usual: Readonly<Record<Column, Expectations>> = {
  plain: { exclusion: "holds", birth: "holds" },
  default: promised,
  strict: promised,
};

/** What has to hold when nothing else is said, and what is different in a column. */
export function expect(
  different: Partial<Record<Column | "ours" | "all", Expectations>> = {},
): Readonly<Record<Column, Expectations>> {
  const { all, ours } = different;
  return {
    plain: { ...usual.plain, ...all, ...different.plain },
    default: { ...usual.default, ...all, ...ours, ...different.default },
    strict: { ...usual.strict, ...all, ...ours, ...different.strict },
  };
}

/** Plain Redlock gives the lock twice in this row; this library does not. */
export const brokenByPlain: Readonly<Record<Column, Expectations>> = expect({
  plain: { exclusion: "breaks" },
});
