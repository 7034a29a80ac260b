import type { Mode } from "../../src/core/claim.ts";
import { quarantineMs, retentionMs } from "../../src/quorum/entry.ts";
import { production, type Rules } from "./rules.ts";

/** What one attempt wants. Attempts that want the same start in the order of their numbers. */
export interface Profile {
  readonly mode: Mode;
  readonly steal: boolean;
  readonly resources: readonly string[];
}

/**
 * - `tokens`: no two are alike, and they are in the order of time and in that of every node;
 * - `continuity`: who extends a lock was not followed by anybody meanwhile;
 * - `exclusion`: never two at once.
 */
export type Check = "tokens" | "continuity" | "exclusion";

/** One small world. All instants and durations are whole milliseconds. */
export interface Setting {
  readonly nodes: number;
  readonly quorum: number;
  readonly attempts: readonly Profile[];
  /** Which ballots may be proposed, from the first to the last, relative to true time. */
  readonly ballots: readonly [least: number, most: number];
  /** How many ballots one attempt may propose. */
  readonly rounds: number;
  readonly extensions: number;
  /** How often one message may arrive. */
  readonly deliveries: number;
  /** Whether attempts give up and give back, and how long the tombstones last that they leave. */
  readonly tombstones: readonly number[];
  /** `any`: any entry may be gone at any time; `clock`: when its time is over. */
  readonly expiry: "any" | "clock";
  /** How far time goes; 0: it stands still. */
  readonly horizon: number;
  readonly ttl: number;
  readonly maxSkew: number;
  /** What an attempt gives up of each ttl. */
  readonly margin: number;
  readonly quarantine: number;
  readonly retention: number;
  /** How often nodes lose their data, and by how much a clock may be set back then. */
  readonly losses: number;
  readonly setBack: number;
  /** How often clocks jump, and by how much: by any of these each time, or one after the other. */
  readonly jumps: number;
  readonly jumpsBy: readonly number[];
  readonly jumpsInOrder: boolean;
  /** Which nodes lose data and jump: the first so many. */
  readonly faulty: number;
  /** How far each node's clock is ahead in the beginning. */
  readonly offsets: readonly number[];
  /** By how much an extension's time may be wrong. */
  readonly sentOff: readonly number[];
  /** The ballot, or what naive schemes do: nodes count, and the highest count is the token. */
  readonly token: "ballot" | "highest-count";
  /** Whether an attempt looks at the clock when a quorum has granted. */
  readonly isPunctual: boolean;
  readonly checks: readonly Check[];
  readonly rules: Rules;
}

export const exclusive: Profile = { mode: "exclusive", steal: false, resources: ["a"] };
export const shared: Profile = { ...exclusive, mode: "shared" };
export const thief: Profile = { ...exclusive, steal: true };

/** Time stands still: entries go when they like, and no ballot is too far away. */
export const untimed: Setting = {
  nodes: 3,
  quorum: 2,
  attempts: [exclusive, exclusive],
  ballots: [1, 2],
  rounds: 1,
  extensions: 0,
  deliveries: Infinity,
  tombstones: [],
  expiry: "any",
  horizon: 0,
  ttl: 1000,
  maxSkew: 1e9,
  margin: 0,
  quarantine: 0,
  retention: 1e9,
  losses: 0,
  setBack: 0,
  jumps: 0,
  jumpsBy: [],
  jumpsInOrder: false,
  faulty: Infinity,
  offsets: [],
  sentOff: [0],
  token: "ballot",
  isPunctual: true,
  checks: ["tokens", "continuity"],
  rules: production,
};

export function conflicts(one: Profile, other: Profile): boolean {
  return share(one, other) && (one.mode === "exclusive" || other.mode === "exclusive");
}

export function share(one: Profile, other: Profile): boolean {
  return one.resources.some((resource) => other.resources.includes(resource));
}

const clocked = { ttl: 2, maxSkew: 1 };
const terms = { nodeCount: 3, quorum: 2, maxTtlMs: clocked.ttl, maxSkewMs: clocked.maxSkew };

/** Time passes, and nodes forget for as long as they do in production. */
export const timed: Setting = {
  ...untimed,
  ...clocked,
  ballots: [-1, 1],
  expiry: "clock",
  horizon: 5,
  quarantine: quarantineMs(terms),
  retention: retentionMs(terms),
  checks: ["tokens", "continuity", "exclusion"],
};
