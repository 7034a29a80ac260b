import type { Timer } from "../../core/world.ts";

/** What happens in a simulated world, in its order: true time, which nobody in the world can read. */
export class Timeline {
  /** Milliseconds. */
  now: number = 0;
  #isStirred = false;
  #count = 0;
  readonly #heap: Happening[] = [];

  /** @param at milliseconds of true time; what lies in the past happens next. */
  at(at: number, fire: () => void): Timer {
    const happening = new Happening(Math.max(at, this.now), this.#count++, fire);
    this.#heap.push(happening);
    this.#rise(this.#heap.length - 1);
    return happening;
  }

  /**
   * What happens now may settle promises. Whoever lets a program go on says so: the next thing waits until
   * they have come to rest. Most of what happens is messages on their way, which no promise hears of.
   */
  stir(): void {
    this.#isStirred = true;
  }

  /** Lets things happen up to one that stirs. `false` when nothing is left that is not behind `end`. */
  step(end: number): boolean {
    this.#isStirred = false;
    while (this.#next(end)) if (this.#isStirred) return true;
    return false;
  }

  #next(end: number): boolean {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.at > end) return false;
      this.#removeFirst();
      if (first.fire === undefined) continue;
      this.now = first.at;
      first.fire();
      return true;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(start: number): void {
    const heap = this.#heap;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(heap[index], heap[parent])) return;
      swap(heap, index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    const heap = this.#heap;
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && isBefore(heap[right], heap[left]) ? right : left;
      if (!isBefore(heap[least], heap[index])) return;
      swap(heap, index, least);
      index = least;
    }
  }
}

class Happening implements Timer {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | undefined;

  constructor(at: number, order: number, fire: () => void) {
    this.at = at;
    this.order = order;
    this.fire = fire;
  }

  cancel(): void {
    this.fire = undefined;
  }
}

function isBefore(a: Happening | undefined, b: Happening | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Happening[], a: number, b: number): void {
  const [one, other] = [heap[a], heap[b]];
  if (one === undefined || other === undefined) return;
  heap[a] = other;
  heap[b] = one;
}
