import { expected, wholeNumber } from "../core/expectation.ts";
import type { TtlRange } from "../core/lock-backend.ts";
import type { World } from "../core/world.ts";
import type { Terms } from "./entry.ts";
import type { MembershipPolicy } from "./membership.ts";
import type { NodeEvent } from "./roster.ts";
import { leastTtlMs } from "../core/validity.ts";

/** What the clients of a quorum can set. All of them have to set the same. */
export interface QuorumSettings {
  /**
   * How many nodes have to grant: the majority, or more. More survives more nodes that forget, and fewer
   * that are away.
   *
   * @defaultValue "majority", `floor(N / 2) + 1`
   */
  readonly quorum?: "majority" | number | undefined;
  /**
   * The longest `ttlMs` that any client may use, in milliseconds: 10 to 2 147 483 648. A node that may
   * have forgotten votes is silent for so long, and a bit: see `maxSkewMs`.
   *
   * @defaultValue 60 000
   */
  readonly maxTtlMs?: number | undefined;
  /**
   * How far the clocks of the nodes may be apart, in milliseconds: 1 to 60 000. A node whose clock is
   * further from the others does not vote. A node that may have forgotten votes is silent for twice as
   * long on top of `maxTtlMs`.
   *
   * @defaultValue a quarter of `maxTtlMs`, at most 10 000; 100 with `strictClock`
   */
  readonly maxSkewMs?: number | undefined;
  /**
   * Gives up five times `maxSkewMs` of every ttl, so that a lock is held once even when the clocks of a
   * minority of nodes are wrong, as long as the others are within `maxSkewMs` of each other. A clock that
   * leaps ahead by more than two minutes and comes back is beyond it: the server drops data for good.
   *
   * @defaultValue false
   */
  readonly strictClock?: boolean | undefined;
  /**
   * What to make of nodes that know nothing:
   *
   * - `auto`: when all of them are blank they are new, and vote at once;
   * - `quarantine`: they are silent first, for `maxTtlMs + 2 * maxSkewMs`;
   * - `adopt`: as `quarantine`, and also when most nodes are blank and the others are not.
   *
   * @defaultValue "auto"
   */
  readonly freshNodes?: MembershipPolicy["freshNodes"] | undefined;
}

export interface QuorumOptions extends QuorumSettings {
  readonly world: World;
  /** For how long a round waits for nodes, in milliseconds; else a share of the ttl. */
  readonly roundTimeoutMs?: number | undefined;
  /** Told when a node is founded or has to wait; must not throw. */
  readonly onEvent?: ((event: NodeEvent) => void) | undefined;
}

export const settingNames: readonly string[] = [
  "quorum",
  "maxTtlMs",
  "maxSkewMs",
  "strictClock",
  "freshNodes",
];

export interface ResolvedSettings {
  readonly terms: Terms;
  readonly freshNodes: MembershipPolicy["freshNodes"];
  /** What every validity is shortened by, for the clocks. */
  readonly clockMarginMs: number;
  readonly ttlRange: TtlRange;
}

/** 4 times the skew bound, and once for what the clocks of good nodes may differ. */
const strictMargins = 5;

/** @throws {TypeError | RangeError} naming the option, what was expected and what was given. */
export function resolved(given: QuorumSettings, nodeCount: number): ResolvedSettings {
  const { quorum, maxTtlMs = 60_000, strictClock = false, freshNodes = "auto" } = given;
  if (typeof strictClock !== "boolean") {
    throw new TypeError(expected("strictClock", "true or false", strictClock));
  }
  if (!["auto", "quarantine", "adopt"].includes(freshNodes)) {
    throw new TypeError(expected("freshNodes", '"auto", "quarantine" or "adopt"', freshNodes));
  }
  wholeNumber(maxTtlMs, { name: "maxTtlMs", least: 10, most: 2 ** 31 });
  const usualSkewMs = Math.max(1, Math.min(Math.floor(maxTtlMs / 4), 10_000));
  const { maxSkewMs = strictClock ? 100 : usualSkewMs } = given;
  wholeNumber(maxSkewMs, { name: "maxSkewMs", least: 1, most: 60_000 });
  const clockMarginMs = strictClock ? strictMargins * maxSkewMs : 0;
  const least = Math.max(10, leastTtlMs(clockMarginMs));
  if (least > maxTtlMs) {
    throw new RangeError(
      `maxTtlMs: with strictClock and a maxSkewMs of ${maxSkewMs}, expected ${least} or more, ` +
        `got ${maxTtlMs}`,
    );
  }
  return {
    terms: { nodeCount, quorum: quorumOf(quorum, nodeCount), maxTtlMs, maxSkewMs },
    freshNodes,
    clockMarginMs,
    ttlRange: { least, most: maxTtlMs },
  };
}

/** The least number of nodes of which any two sets have one in common. */
export function majority(nodeCount: number): number {
  return Math.floor(nodeCount / 2) + 1;
}

function quorumOf(given: "majority" | number | undefined, nodeCount: number): number {
  const least = majority(nodeCount);
  if (given === undefined || given === "majority") return least;
  return wholeNumber(given, { name: "quorum", least, most: nodeCount });
}
