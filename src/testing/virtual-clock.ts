import type { Clock, Timer } from "../core/world.ts";

interface Alarm extends Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until it is told to go on. Timers fire in the order of their instants. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return this.#now;
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const alarm: Alarm = {
      at: this.#now + Math.max(0, delayMs),
      fire,
      cancel: () => void this.#alarms.delete(alarm),
    };
    this.#alarms.add(alarm);
    return alarm;
  }

  /** How many timers are set. */
  get timerCount(): number {
    return this.#alarms.size;
  }

  /** Lets time pass; resolves when everything that it set off has come to rest. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#first(); next !== undefined && next.at <= end; next = this.#first()) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.delete(next);
      next.fire();
      await settled();
    }
    this.#now = end;
  }

  /** Lets time pass until the promise settles, and settles as it does. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    let isOpen = true;
    const close = (): void => void (isOpen = false);
    promise.then(close, close);
    await settled();
    while (isOpen) {
      const next = this.#first();
      if (next === undefined) throw new Error("nothing is left that could settle the promise");
      await this.advance(Math.max(0, next.at - this.#now));
    }
    return promise;
  }

  /** Time passes while nobody runs: a process that was stopped, an event loop that was blocked. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #first(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) if (first === undefined || alarm.at < first.at) first = alarm;
    return first;
  }
}

/** Resolves when no promise has anything left to do that does not wait for time. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
