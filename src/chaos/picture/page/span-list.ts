import { firstIndex } from "./search.ts";
import type { Stretch } from "./scene.ts";

/** Stretches of time in the order of their beginnings; what is in view is found without looking at all. */
export class SpanList<Item extends Stretch> {
  readonly items: readonly Item[];
  /** At each place the latest end so far. */
  readonly #reach: Float64Array;

  constructor(items: readonly Item[]) {
    this.items = items.toSorted((a, b) => a.from - b.from);
    this.#reach = new Float64Array(this.items.length);
    let reach = -Infinity;
    for (const [index, { until }] of this.items.entries()) {
      reach = Math.max(reach, until);
      this.#reach[index] = reach;
    }
  }

  /** Those that touch a stretch of time. */
  within(from: number, until: number): Item[] {
    const [begin, end] = this.#places(from, until);
    const found: Item[] = [];
    for (let index = begin; index < end; index++) {
      const item = this.items[index] as Item;
      if (item.until >= from) found.push(item);
    }
    return found;
  }

  /** About how many they are: no fewer than that. */
  countWithin(from: number, until: number): number {
    const [begin, end] = this.#places(from, until);
    return end - begin;
  }

  #places(from: number, until: number): [number, number] {
    const begin = firstIndex(this.items, (_, index) => (this.#reach[index] ?? 0) >= from);
    return [begin, firstIndex(this.items, (item) => item.from > until)];
  }
}

/** Gives stretches that overlap different tracks, as few as can be; says how many. */
export function layTracks(items: readonly (Stretch & { track: number })[], most: number): number {
  const ends: number[] = [];
  for (const item of items.toSorted((a, b) => a.from - b.from)) {
    const free = ends.findIndex((end) => end <= item.from);
    item.track = free === -1 ? Math.min(ends.length, most - 1) : free;
    ends[item.track] = Math.max(item.until, ends[item.track] ?? 0);
  }
  return Math.max(1, ends.length);
}
