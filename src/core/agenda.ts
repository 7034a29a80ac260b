import { setPatientTimer } from "./patient-timer.ts";
import type { Clock, Timer } from "./world.ts";

/**
 * What lies further ahead is looked at again then: a machine that slept, or whose clock was set, has its
 * clock ahead of its timers.
 */
const longestDelayMs = 1_000;

/** Something that is to be done at an instant. `due` must not throw. */
export abstract class Appointment {
  /** Undefined when it is on no agenda. Like `index`, the agenda's own. */
  at: number | undefined;
  /** Where it stands in the heap. */
  index = -1;

  abstract due(): void;
}

/**
 * Any number of appointments, one timer: a binary heap by instant. It does not keep the process
 * alive, so it is for housekeeping, not for those who wait.
 */
export class Agenda {
  readonly #clock: Clock;
  readonly #heap: Appointment[] = [];
  #timer: Timer | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Puts it on the agenda, or moves it. */
  schedule(entry: Appointment, at: number): void {
    const before = entry.at;
    entry.at = at;
    if (before === undefined) {
      entry.index = this.#heap.length;
      this.#heap.push(entry);
    }
    if (before === undefined || at < before) this.#rise(entry);
    else this.#sink(entry);
    this.#arm();
  }

  /** Takes it off. Harmless when it is not on. The timer stays as it is: too early costs nothing. */
  cancel(entry: Appointment): void {
    if (entry.at === undefined) return;
    entry.at = undefined;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#place(last, entry.index);
    this.#rise(last);
    this.#sink(last);
  }

  #arm(): void {
    const first = this.#heap[0];
    const at = first?.at;
    if (at === undefined || at >= this.#armedFor) return;
    this.#timer?.cancel();
    const now = this.#clock.now();
    const delayMs = Math.min(Math.max(0, at - now), longestDelayMs);
    this.#armedFor = now + delayMs;
    this.#timer = setPatientTimer(this.#clock, delayMs, () => this.#ring(), false);
  }

  #ring(): void {
    // Not for each of those that are planned anew meanwhile.
    this.#armedFor = -Infinity;
    const now = this.#clock.now();
    for (;;) {
      const first = this.#heap[0];
      if (first?.at === undefined || first.at > now) break;
      this.cancel(first);
      first.due();
    }
    this.#armedFor = Infinity;
    this.#arm();
  }

  #rise(entry: Appointment): void {
    for (;;) {
      const parent = this.#heap[(entry.index - 1) >> 1];
      if (entry.index === 0 || parent === undefined || !isEarlier(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Appointment): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      if (left === undefined) return;
      const least = right !== undefined && isEarlier(right, left) ? right : left;
      if (!isEarlier(least, entry)) return;
      this.#swap(entry, least);
    }
  }

  #swap(a: Appointment, b: Appointment): void {
    const { index } = a;
    this.#place(a, b.index);
    this.#place(b, index);
  }

  #place(entry: Appointment, index: number): void {
    entry.index = index;
    this.#heap[index] = entry;
  }
}

function isEarlier(a: Appointment, b: Appointment): boolean {
  return (a.at ?? Infinity) < (b.at ?? Infinity);
}
