/** Where the first item stands for which it is true, in a list that has those for which it is not first. */
export function firstIndex<Item>(
  items: readonly Item[],
  isTrue: (item: Item, index: number) => boolean,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(items[middle] as Item, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
