export interface Rounds {
  readonly rounds: number;
  /** On a busy machine there are less of them: none begins after so many milliseconds. */
  readonly mostMs?: number;
}

/** One after the other; every round begins with another one, so that nobody always comes after the same. */
export async function inRounds<Item>(
  { rounds, mostMs = Infinity }: Rounds,
  items: readonly Item[],
  measure: (item: Item, round: number) => Promise<void>,
): Promise<void> {
  const until = performance.now() + mostMs;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < until); round++) {
    const first = items.length === 0 ? 0 : round % items.length;
    for (const item of [...items.slice(first), ...items.slice(0, first)])
      await measure(item, round);
  }
}
