import type { Mutant } from "./mutant.ts";
import type { Order } from "./order.ts";
import { patchedSource } from "./patched-source.ts";
import { row, runOrders } from "./pool.ts";
import type { Failure, Tally } from "./tally.ts";

/** Small, so that little is run beyond the world that convicts. */
const batchSize = 16;
/** So far apart that no trial runs a world of another one. */
const betweenTrials = 1_000_000;

/** One search for a world that sees a mutant: with seeds in a row. */
export interface Trial {
  readonly firstSeed: number;
  /** The world that convicts it, and by what; undefined when none did. */
  failure: Failure | undefined;
  /** Up to that world; Infinity when none did. */
  runCount: number;
}

export interface Conviction {
  readonly trials: readonly Trial[];
  /** In at least half of the trials. */
  readonly isConvicted: boolean;
  /** Of the trials. Infinity: most of them saw nothing. */
  readonly medianRunCount: number;
  /** All checks that convicted it. */
  readonly checks: readonly string[];
}

export interface ConvictionOptions {
  readonly trialCount: number;
  /** So many worlds a trial runs at most. */
  readonly mostRuns: number;
}

/** Runs worlds with the broken library until one sees it, from several seeds on. */
export async function convict(mutant: Mutant, options: ConvictionOptions): Promise<Conviction> {
  await using source = await patchedSource(mutant.patch);
  const trials = row(0, options.trialCount).map(
    (index) => new Search(1 + index * betweenTrials, options.mostRuns),
  );
  const searches = new Map<Order, Search>();
  await runOrders(source.path, {
    next: () => {
      // Those that wait for least, so that nothing is run in vain.
      const [search] = trials
        .filter(({ isOpen }) => isOpen)
        .toSorted((a, b) => a.underWay - b.underWay);
      const order = search?.next();
      if (search !== undefined && order !== undefined) searches.set(order, search);
      return order;
    },
    onTally: (order, tally) => searches.get(order)?.note(order, tally),
  });
  const runCounts = trials.map(({ runCount }) => runCount).toSorted((a, b) => a - b);
  const medianRunCount = runCounts[Math.floor((runCounts.length - 1) / 2)] ?? Infinity;
  const checks = new Set(
    trials.flatMap(({ failure }) => failure?.found.map(({ check }) => check) ?? []),
  );
  const isConvicted = medianRunCount < Infinity;
  return { trials, isConvicted, medianRunCount, checks: [...checks].toSorted() };
}

class Search implements Trial {
  readonly firstSeed: number;
  failure: Failure | undefined;
  underWay = 0;
  readonly #endSeed: number;
  #nextSeed: number;

  constructor(firstSeed: number, mostRuns: number) {
    this.firstSeed = firstSeed;
    this.#nextSeed = firstSeed;
    this.#endSeed = firstSeed + mostRuns;
  }

  get isOpen(): boolean {
    return this.failure === undefined && this.#nextSeed < this.#endSeed;
  }

  get runCount(): number {
    return this.failure === undefined ? Infinity : this.failure.seed - this.firstSeed + 1;
  }

  next(): Order {
    const count = Math.min(batchSize, this.#endSeed - this.#nextSeed);
    const order = { seeds: row(this.#nextSeed, count), world: {} };
    this.#nextSeed += count;
    this.underWay++;
    return order;
  }

  /** Earlier worlds may be answered later: the first one counts. */
  note({ seeds }: Order, { failures, crash }: Tally): void {
    this.underWay--;
    const found = [...failures];
    // Which of them brought the process down is not known; at the latest the last one.
    if (crash !== undefined) {
      found.push({
        seed: seeds.at(-1) ?? 0,
        hash: "",
        found: [{ check: "crash", message: crash }],
      });
    }
    for (const failure of found) {
      if (this.failure === undefined || failure.seed < this.failure.seed) this.failure = failure;
    }
  }
}
