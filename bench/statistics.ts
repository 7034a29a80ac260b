/** The value below which that share of the values lies; between two values, the lower one. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A figure of many rounds: its median, and between which values the middle half of the rounds lies. */
export interface Spread {
  readonly median: number;
  readonly from: number;
  readonly until: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), from: quantile(values, 0.25), until: quantile(values, 0.75) };
}
