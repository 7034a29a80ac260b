import type { Clock, Timer } from "../../core/world.ts";
import type { AdjustableClock } from "./adjustable-clock.ts";
import type { Timeline } from "./timeline.ts";

/** Shorter than this no timer is, so that rounding cannot make time stand still. */
const leastDelayMs = 0.001;

/** A process of a simulated world: it can be stopped, and it can die. Its clock goes on meanwhile. */
export class SimulatedProgram {
  readonly #timeline: Timeline;
  readonly #clock: AdjustableClock;
  #isStopped = false;
  #isDead = false;
  #held: (() => void)[] = [];
  readonly #onDeath: (() => void)[] = [];

  constructor(timeline: Timeline, clock: AdjustableClock) {
    this.#timeline = timeline;
    this.#clock = clock;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Its clock, as the library gets it. */
  clock(): Clock {
    return {
      now: () => this.#clock.now(),
      setTimer: (delayMs, fire): Timer => {
        const delay = this.#clock.trueMs(Math.max(0, delayMs));
        const at = this.#timeline.now + Math.max(delay, leastDelayMs);
        // One that fired while the process was stopped can still be cancelled.
        let isCancelled = false;
        const timer = this.#timeline.at(at, () => this.run(() => void (isCancelled || fire())));
        const cancel = (): void => {
          isCancelled = true;
          timer.cancel();
        };
        return { cancel };
      },
    };
  }

  /** When its clock shows this, in true time. */
  trueTimeOf(reading: number): number {
    return this.#clock.trueTimeOf(reading);
  }

  /** Something happens to it: at once, when it goes on, or never. */
  run(happen: () => void): void {
    if (this.#isDead) return;
    if (this.#isStopped) this.#held.push(happen);
    else {
      this.#timeline.stir();
      happen();
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  goOn(): void {
    this.#isStopped = false;
    for (const happen of this.#held.splice(0)) {
      this.#timeline.at(this.#timeline.now, () => this.run(happen));
    }
  }

  kill(): void {
    this.#isDead = true;
    this.#held = [];
    for (const listener of this.#onDeath) listener();
  }

  /** What the system does when it dies: closes its connections. */
  whenDead(listener: () => void): void {
    this.#onDeath.push(listener);
  }
}
