import type { ShiftedClock } from "../../masters/shifted-clock.ts";
import type { ClientStates } from "./client-states.ts";

/** The clocks of a client's process, if they can be moved. */
export class ClientClock {
  readonly #client: string;
  readonly #states: ClientStates;
  readonly #clock: ShiftedClock | undefined;
  #missedMs = 0;

  constructor(client: string, states: ClientStates, clock: ShiftedClock | undefined) {
    this.#client = client;
    this.#states = states;
    this.#clock = clock;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#clock?.environment ?? {};
  }

  get orders(): { readonly clockPath?: string } {
    return this.#clock === undefined ? {} : { clockPath: this.#clock.path };
  }

  /** Its monotonic clock has not counted this time. */
  missTime(ms: number): void {
    this.#missedMs += ms;
    this.#clockOr("monotonic clock").setMonotonic(-1_000 * this.#missedMs);
  }

  setWall(offsetMs: number): void {
    this.#clockOr("wall clock").setWall(offsetMs * 1_000);
    this.#states.end("clock");
    if (offsetMs !== 0) this.#states.begin("clock", `its wall clock is ${offsetMs} ms off`);
  }

  #clockOr(what: string): ShiftedClock {
    if (this.#clock === undefined)
      throw new Error(`the ${what} of ${this.#client} cannot be moved`);
    return this.#clock;
  }
}
