import { checkHistory, type CheckOptions, type HistoryReport } from "../history/checker.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { SimulatedFault } from "./fault.ts";
import { Simulation, type SimulationOptions } from "./simulation.ts";

export interface SimulatedRun {
  readonly seed: number;
  readonly report: HistoryReport;
  /** Whether at the end, with everything mended, every lock could be had. */
  readonly isLive: boolean;
  readonly faults: readonly SimulatedFault[];
  readonly history: readonly HistoryEvent[];
  /** The same for two runs in which the same happened. */
  readonly hash: string;
}

export interface RunOptions {
  readonly check?: CheckOptions | undefined;
  /** What lets promises come to rest: between two happenings of one world it is awaited once. */
  readonly rest: () => Promise<void>;
}

/**
 * Runs worlds side by side, a happening of each in turn: letting promises come to rest takes longer than
 * most happenings, and is done once for all of them. They know nothing of each other.
 */
export async function simulate(
  worlds: readonly SimulationOptions[],
  { check, rest }: RunOptions,
): Promise<readonly SimulatedRun[]> {
  const simulations = worlds.map((options) => ({ options, world: new Simulation(options) }));
  let running = simulations;
  while (running.length > 0) {
    await rest();
    running = running.filter(({ world }) => world.step());
  }
  return simulations.map(({ options, world }) => {
    const { history, faults, isLive } = world;
    const report = checkHistory(history, check);
    return { seed: options.seed, report, isLive, faults, history, hash: hashOf(history) };
  });
}

const prime = 0x01000193;

/** FNV-1a over what happened when. An instant goes in as its bits, which cost less than its digits. */
function hashOf(history: readonly HistoryEvent[]): string {
  const instant = new Float64Array(1);
  const bits = new Uint32Array(instant.buffer);
  let hash = 0x811c9dc5;
  for (const event of history) {
    instant[0] = event.at;
    for (const word of bits) hash = Math.imul(hash ^ word, prime);
    hash = withText(hash, event.type);
    if ("attempt" in event) hash = withText(hash, event.attempt);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function withText(hash: number, text: string): number {
  let mixed = hash;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), prime);
  return mixed;
}
