import { beyondTolerance, clockStep } from "./clock-step.ts";
import type { Random } from "../../core/world.ts";
import type { Restart } from "./host.ts";

/** Something that is broken at an instant, and how long it stays so, in milliseconds. Plain data. */
export type SimulatedFault = { readonly atMs: number } & (
  | {
      readonly kind: "crash";
      readonly node: number;
      readonly forMs: number;
      readonly restart: Restart;
    }
  | { readonly kind: "flush" | "promote" | "remember"; readonly node: number }
  | { readonly kind: "freeze" | "fast"; readonly node: number; readonly forMs: number }
  | { readonly kind: "clock"; readonly node: number; readonly stepMs: number }
  | {
      readonly kind: "cut";
      readonly client: number;
      readonly node: number;
      readonly direction: "there" | "back" | "both";
      readonly forMs: number;
    }
  | { readonly kind: "reset"; readonly client: number; readonly node: number }
  | {
      readonly kind: "slow";
      readonly node: number;
      readonly delayMs: number;
      readonly forMs: number;
    }
  | { readonly kind: "stop"; readonly client: number; readonly forMs: number }
  | { readonly kind: "kill"; readonly client: number }
);

/** How far ahead of time a clock can get by them at most, in milliseconds. */
export function mostAheadMs(faults: readonly SimulatedFault[]): number {
  return faults.reduce(
    (sum, fault) => sum + (fault.kind === "clock" ? Math.max(0, fault.stepMs) : 0),
    0,
  );
}

export interface FaultSpace {
  readonly nodeCount: number;
  readonly clientCount: number;
  readonly durationMs: number;
  readonly maxTtlMs: number;
  readonly maxSkewMs: number;
  /** Whether clocks of a minority may be set by any amount; else not a little forward. */
  readonly strictClock: boolean;
}

/** What a clock shows, while it is too fast, for each millisecond that passes. */
export const fastRate = 1.02;
/**
 * For a ttl of so many milliseconds, the 1 % and 2 ms that validity is shortened by still cover a node
 * that is too fast, beside a client that is too slow by the 0.4 % that all clocks may be wrong.
 */
export const coveredTtlMs = 140;

const kinds = [
  ...["crash", "crash", "flush", "promote", "remember", "freeze", "clock", "cut", "cut", "cut"],
  ...["reset", "slow", "stop", "stop", "kill"],
] as const;

/** A schedule drawn at random; half of them begin with one that is known to bite. */
export function randomFaults(random: Random, space: FaultSpace): SimulatedFault[] {
  const pick = (count: number): number => Math.floor(random.next() * count);
  const chance = random.next();
  const faults: SimulatedFault[] = [];
  if (chance < 0.4) faults.push(...forgetfulVoter(random, space));
  // With strict clocks no ttl is so short, and clocks have to be better.
  else if (chance < 0.5 && !space.strictClock) faults.push(...fastVoter(random, space));
  const count = 2 + pick(7);
  while (faults.length < count) {
    const kind = kinds[pick(kinds.length)] ?? "crash";
    faults.push(randomFault(kind, random, space));
  }
  return beyondTolerance(
    faults.toSorted((a, b) => a.atMs - b.atMs),
    space,
  );
}

function randomFault(
  kind: SimulatedFault["kind"],
  random: Random,
  space: FaultSpace,
): SimulatedFault {
  const pick = (count: number): number => Math.floor(random.next() * count);
  const atMs = random.next() * space.durationMs * 0.9;
  const node = pick(space.nodeCount);
  const client = pick(space.clientCount);
  const forMs = random.next() * 2 * space.maxTtlMs;
  switch (kind) {
    case "crash": {
      const restart = (["intact", "empty", "stale"] as const)[pick(3)] ?? "empty";
      return { atMs, kind, node, forMs: forMs / 4, restart };
    }
    case "freeze":
    case "fast":
      return { atMs, kind, node, forMs };
    case "clock":
      return { atMs, kind, node: pick(minorityOf(space)), stepMs: clockStep(random, space) };
    case "cut": {
      const direction = (["there", "back", "both"] as const)[pick(3)] ?? "both";
      return { atMs, kind, client, node, direction, forMs };
    }
    case "reset":
      return { atMs, kind, client, node };
    case "slow":
      return { atMs, kind, node, delayMs: 1 + random.next() * 150, forMs };
    case "stop":
      return { atMs, kind, client, forMs };
    case "kill":
      return { atMs, kind, client };
    case "flush":
    case "promote":
    case "remember":
      break;
  }
  return { atMs, kind, node };
}

/** Clocks of the first nodes alone are set: a majority of wrong ones is more than anybody promises. */
function minorityOf({ nodeCount }: FaultSpace): number {
  return Math.ceil(nodeCount / 2) - 1;
}

/** The one voter that two clients have in common forgets, while the first of them may hold the lock. */
function forgetfulVoter(random: Random, space: FaultSpace): SimulatedFault[] {
  const { common, atMs, faults } = oneInCommon(random, space);
  const hitAt = atMs + 50 + random.next() * space.maxTtlMs;
  const hits = [
    { kind: "crash", node: common, forMs: 5, restart: "empty" },
    { kind: "flush", node: common },
    { kind: "promote", node: common },
    { kind: "crash", node: common, forMs: 5, restart: "stale" },
  ] as const;
  const hit = hits[Math.floor(random.next() * hits.length)] ?? hits[0];
  return [...faults, { atMs: hitAt, ...hit }];
}

/**
 * The one voter that two clients have in common has a clock that is too fast; the first of them is
 * stopped, so that its lock runs out, and answers are quick enough for the second to be there at once.
 */
function fastVoter(random: Random, space: FaultSpace): SimulatedFault[] {
  const { common: node, atMs, forMs, faults } = oneInCommon(random, space);
  faults.push({ atMs, kind: "fast", node, forMs });
  for (let each = 0; each < space.nodeCount; each++) {
    faults.push({ atMs, kind: "slow", node: each, delayMs: 0.2, forMs });
  }
  for (let stopAt = atMs + 50; stopAt < atMs + forMs; stopAt += 1.5 * coveredTtlMs) {
    const stopMs = coveredTtlMs * (0.5 + random.next() / 2);
    faults.push({ atMs: stopAt, kind: "stop", client: 0, forMs: stopMs });
  }
  return faults;
}

/** Two clients, each cut off from another minority, so that they have one voter in common. */
function oneInCommon(
  random: Random,
  { nodeCount, maxTtlMs, durationMs }: FaultSpace,
): { common: number; atMs: number; forMs: number; faults: SimulatedFault[] } {
  const quorum = Math.floor(nodeCount / 2) + 1;
  const atMs = random.next() * durationMs * 0.5;
  const forMs = 2 * maxTtlMs;
  const common = quorum - 1;
  const faults: SimulatedFault[] = [];
  for (let node = 0; node < nodeCount; node++) {
    if (node === common) continue;
    const client = node < common ? 1 : 0;
    faults.push({ atMs, kind: "cut", client, node, direction: "both", forMs });
  }
  return { common, atMs, forMs, faults };
}
