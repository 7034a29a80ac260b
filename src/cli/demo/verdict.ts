import type { Section } from "./message.ts";

/** What a demo has seen. Instants are nanoseconds of the machine's one monotonic clock. */
export interface Record {
  readonly sections: readonly Section[];
  /** What stands in the file that the lock protects. */
  readonly counter: number;
  /** When two masters were down: from the second kill to the first restart. */
  readonly outage: { readonly from: number; readonly until: number } | undefined;
  /** Workers that ended before they were told to. */
  readonly crashCount: number;
  readonly troubles: readonly string[];
}

export interface Verdict {
  readonly isGood: boolean;
  readonly grantCount: number;
  readonly counter: number;
  readonly overlapCount: number;
  /** How many of the grants fell into the outage; undefined if there was none. */
  readonly outageGrantCount: number | undefined;
  readonly waitMs: Spread;
  readonly holdMs: Spread;
  /** What was not as it should be, in words. */
  readonly complaints: readonly string[];
}

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function judge(record: Record): Verdict {
  const { sections, counter, outage } = record;
  const overlapCount = overlaps(sections);
  const isInOutage = ({ enteredAt }: Section): boolean =>
    outage !== undefined && enteredAt > outage.from && enteredAt < outage.until;
  const outageGrantCount = outage === undefined ? undefined : sections.filter(isInOutage).length;
  const complaints = [
    ...(sections.length === 0 ? ["nobody ever got the lock"] : []),
    ...(counter === sections.length ? [] : ["the counter is not the number of grants"]),
    ...(overlapCount === 0 ? [] : ["the lock was held by two at once"]),
    ...(outageGrantCount === 0 ? ["nobody got the lock while two masters were down"] : []),
    ...(record.crashCount === 0 ? [] : [`${record.crashCount} workers ended too early`]),
  ];
  return {
    isGood: complaints.length === 0,
    grantCount: sections.length,
    counter,
    overlapCount,
    outageGrantCount,
    waitMs: spread(sections.map(({ askedAt, enteredAt }) => (enteredAt - askedAt) / 1e6)),
    holdMs: spread(sections.map(({ enteredAt, leftAt }) => (leftAt - enteredAt) / 1e6)),
    complaints,
  };
}

/** How many sections began before an earlier one had ended. */
function overlaps(sections: readonly Section[]): number {
  const inOrder = sections.toSorted((a, b) => a.enteredAt - b.enteredAt);
  let lastLeftAt = -Infinity;
  let count = 0;
  for (const { enteredAt, leftAt } of inOrder) {
    if (enteredAt < lastLeftAt) count++;
    lastLeftAt = Math.max(lastLeftAt, leftAt);
  }
  return count;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
