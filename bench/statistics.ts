/** The value below which that share of the values lies; between two values, the lower one. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A figure of many rounds: its median, and between which values the middle half of the rounds lies. */
export interface Spread {
  readonly median: number;
  readonly from: number;
  readonly until: number;
  /** Of how many rounds. */
  readonly rounds: number;
}

/** `undefined` when there is no number among them. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const numbers = values.filter(Number.isFinite);
  if (numbers.length === 0) return undefined;
  return {
    median: median(numbers),
    from: quantile(numbers, 0.25),
    until: quantile(numbers, 0.75),
    rounds: numbers.length,
  };
}

/** Jain's index of fairness: 1 when all have the same, 1/n when one of n has everything. */
export function jain(shares: readonly number[]): number {
  const squares = sum(shares.map((share) => share * share));
  return squares === 0 ? Number.NaN : sum(shares) ** 2 / (shares.length * squares);
}
