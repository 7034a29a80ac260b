import { untilOf, type Grant } from "./account.ts";
import type { HistoryEvent } from "./event.ts";
import type { Facts } from "./facts.ts";
import { handoffsOf } from "./handoff.ts";

/** C12. What a history has put to the test. */
export interface Coverage {
  readonly grantCount: number;
  /**
   * How often a resource passed from one client to another one that it excludes, while it was wanted:
   * a client other than the former holder asked for it during that hold, or was waiting when it began.
   */
  readonly contendedHandoffCount: number;
  /** Those among them with a fault between the former grant and the new one. */
  readonly handoffUnderFaultCount: number;
  readonly isContendedUnderFault: boolean;
  /** Faults while the lock was guaranteed to somebody. */
  readonly holderFaultCount: number;
  readonly refusalCounts: Readonly<Record<string, number>>;
  /** How many events there are of each type. */
  readonly eventCounts: Readonly<Partial<Record<HistoryEvent["type"], number>>>;
}

export function coverageOf(facts: Facts): Coverage {
  const { events, grants } = facts;
  const handoffs = handoffsOf(facts);
  const faults: number[] = [];
  const refusals = new Map<string, number>();
  const types = new Map<HistoryEvent["type"], number>();
  for (const event of events) {
    increase(types, event.type);
    if (event.type === "fault") faults.push(event.at);
    else if (event.type === "refusal") increase(refusals, event.reason);
  }
  return {
    grantCount: grants.length,
    contendedHandoffCount: handoffs.contendedCount,
    handoffUnderFaultCount: handoffs.underFaultCount,
    isContendedUnderFault: handoffs.underFaultCount > 0,
    holderFaultCount: duringHolds(faults, grants),
    refusalCounts: Object.fromEntries(refusals),
    eventCounts: Object.fromEntries(types),
  };
}

/** How many of the instants lie within the time of a holder. */
function duringHolds(instants: readonly number[], grants: readonly Grant[]): number {
  const holds = grants
    .map((grant) => ({ from: grant.granted.event.at, until: untilOf(grant) }))
    .filter(({ from, until }) => from < until);
  const ends = holds.map(({ until }) => until).toSorted((a, b) => a - b);
  let begun = 0;
  let ended = 0;
  let count = 0;
  for (const at of instants) {
    while ((holds[begun]?.from ?? Infinity) <= at) begun++;
    while ((ends[ended] ?? Infinity) <= at) ended++;
    if (begun > ended) count++;
  }
  return count;
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
