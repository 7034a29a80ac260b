import type { ShiftedClock } from "../../masters/shifted-clock.ts";

/** How often a clock that goes too fast is moved, in milliseconds. */
const stepMs = 5;

/** The wall clock of a node: off by so much, and perhaps by more and more. */
export class NodeClock {
  readonly #clock: ShiftedClock;
  #rate: NodeJS.Timeout | undefined;

  constructor(clock: ShiftedClock) {
    this.#clock = clock;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#clock.environment;
  }

  set(offsetMs: number, rate: number): void {
    clearInterval(this.#rate);
    this.#clock.setWall(offsetMs * 1_000);
    if (rate === 0) return;
    const since = performance.now();
    this.#rate = setInterval(() => {
      this.#clock.setWall((offsetMs + rate * (performance.now() - since)) * 1_000);
    }, stepMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#rate);
    await this.#clock.close();
  }
}
