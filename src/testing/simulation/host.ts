import type { MemoryServer } from "../../memory/memory-server.ts";
import type { HistoryEvent } from "../history/event.ts";
import { AdjustableClock } from "./adjustable-clock.ts";
import type { Timeline } from "./timeline.ts";
import { WitnessedServer } from "./witnessed-server.ts";

export interface HostOptions {
  readonly name: string;
  readonly timeline: Timeline;
  readonly clockStartsAt: number;
  /** How many milliseconds its clock shows for each that passes. */
  readonly clockRate: number;
  /** For how long a grant that was forgotten can matter, in milliseconds. */
  readonly maxTtlMs: number;
  readonly note: (event: HistoryEvent) => void;
}

/** What a host comes back with after a crash. */
export type Restart = "intact" | "empty" | "stale";

/** A machine with one node on it: it crashes, freezes, forgets, and its clock is wrong. */
export class Host {
  readonly name: string;
  readonly clock: AdjustableClock;
  readonly server: MemoryServer;
  readonly #timeline: Timeline;
  readonly #options: HostOptions;
  readonly #onCrash = new Set<() => void>();
  #isUp = true;
  #frozen: (() => void)[] | undefined;
  #forgotAt = -Infinity;
  #programCount = 0;
  #snapshot: (() => void) | undefined;

  constructor(options: HostOptions) {
    const { name, timeline, note } = options;
    this.name = name;
    this.#timeline = timeline;
    this.#options = options;
    this.clock = new AdjustableClock(timeline, options.clockStartsAt);
    this.clock.rate = options.clockRate;
    const newProcessId = (): string => `${name}/${this.#programCount++}`;
    this.server = new WitnessedServer(this.clock, newProcessId, {
      node: name,
      note,
      now: () => timeline.now,
      isForgetful: () => timeline.now < this.#forgotAt + options.maxTtlMs,
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** A message has arrived: it is handled at once, when the host thaws, or never. */
  handle(act: () => void): void {
    if (!this.#isUp) return;
    if (this.#frozen === undefined) act();
    else this.#frozen.push(act);
  }

  /** Connections that break with it. */
  whenCrashed(listener: () => void): void {
    this.#onCrash.add(listener);
  }

  crash(): void {
    this.#isUp = false;
    this.#frozen = undefined;
    for (const listener of this.#onCrash) listener();
  }

  /** A new program, with all that it knew, nothing of it, or what it knew at the last snapshot. */
  restart(restart: Restart): void {
    if (this.#isUp) return;
    this.server.restart();
    if (restart === "empty") this.flush();
    if (restart === "stale") this.#lose(this.#snapshot ?? (() => this.server.forget()));
    this.#isUp = true;
  }

  /** What it knows now is what a stale restart or a promoted replica knows. */
  remember(): void {
    this.#snapshot = this.server.snapshot();
  }

  /** A replica that lags behind takes its place: another program, with older data. */
  promote(): void {
    this.crash();
    this.restart("stale");
  }

  flush(): void {
    this.#lose(() => this.server.forget());
  }

  freeze(): void {
    if (this.#isUp) this.#frozen ??= [];
  }

  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    for (const act of waiting) this.#timeline.at(this.#timeline.now, () => this.handle(act));
  }

  /** Its clock shows so many milliseconds for each that passes; its usual rate when left out. */
  runClockAt(rate: number = this.#options.clockRate): void {
    this.clock.rate = rate;
  }

  #lose(lose: () => void): void {
    this.#forgotAt = this.#timeline.now;
    lose();
  }

  /** What it still holds, when everybody is done. */
  leftovers(resources: readonly string[]): void {
    const { note } = this.#options;
    const { now } = this.#timeline;
    for (const resource of resources) {
      for (const { owner, remainingMs } of this.server.inspect(resource, this.name).holders) {
        const until = now + remainingMs;
        note({ type: "leftover", at: now, node: this.name, resource, attempt: owner, until });
      }
    }
  }
}
