/** One after the other; every round begins with another one, so that nobody always comes after the same. */
export async function inRounds<Item>(
  count: number,
  items: readonly Item[],
  measure: (item: Item, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < count; round++) {
    const first = items.length === 0 ? 0 : round % items.length;
    for (const item of [...items.slice(first), ...items.slice(0, first)])
      await measure(item, round);
  }
}
