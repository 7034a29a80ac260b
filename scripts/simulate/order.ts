import type { SimulationOptions } from "../../src/testing/simulation/simulation.ts";

/** Worlds to be run: the same but for their seeds. */
export interface Order {
  readonly seeds: readonly number[];
  readonly world: Omit<SimulationOptions, "seed">;
}
