import type { Mutant } from "./mutant.ts";
import { patchedSource } from "./patched-source.ts";
import { runWorlds } from "./pool.ts";

export interface Conviction {
  readonly name: string;
  readonly isConvicted: boolean;
  /** How many worlds it took. */
  readonly runCount: number;
  /** The first world that convicts it, and by what. */
  readonly seed: number | undefined;
  readonly checks: readonly string[];
}

/** Runs worlds with the broken library until one sees it. */
export async function convict(mutant: Mutant, mostRuns: number): Promise<Conviction> {
  await using source = await patchedSource(mutant.patch);
  const tally = await runWorlds({
    firstSeed: 1,
    runCount: mostRuns,
    world: {},
    source: source.path,
    onProgress: ({ failures }) => failures.length === 0,
  });
  const [first] = tally.failures.toSorted((a, b) => a.seed - b.seed);
  const checks = first?.found.map(({ check }) => check) ?? [];
  const isConvicted = first !== undefined || tally.crash !== undefined;
  const { runCount } = tally;
  const seen = tally.crash === undefined ? checks : [...checks, "crash"];
  return { name: mutant.name, isConvicted, runCount, seed: first?.seed, checks: seen };
}
