import type { OpenSystem } from "../system.ts";
import { median, spreadOf, type Spread } from "../statistics.ts";
import { table } from "../table.ts";
import type { Workload } from "../workload.ts";

/** All durations are microseconds, all ratios against the first system in the same rounds. */
export interface UncontendedRow {
  readonly system: string;
  readonly version: string;
  readonly acquire: Spread;
  readonly release: Spread;
  readonly pair: Spread;
  readonly pairRatio: Spread;
  /** Pairs in a second, of 100 that are asked for at once. */
  readonly pairsPerSecond: Spread;
  readonly pairsPerSecondRatio: Spread;
  /** What went wrong, if anything did. */
  readonly errors: readonly string[];
}

interface Measured {
  readonly open: OpenSystem;
  readonly row: Pick<UncontendedRow, "system" | "version">;
  /** One median for each round. */
  readonly acquire: number[];
  readonly release: number[];
  readonly pair: number[];
  readonly pairsPerSecond: number[];
  readonly errors: string[];
}

const atOnce = 100;

export const uncontended: Workload<readonly UncontendedRow[]> = {
  name: "uncontended",
  about: "Locks that nobody else wants: one after the other, and 100 different ones at once.",

  async run({ masters, systems, isQuick, onProgress }) {
    const rounds = isQuick ? 5 : 150;
    const pairsPerRound = isQuick ? 50 : 60;
    const measured: Measured[] = [];
    for (const system of systems) {
      const row = { system: system.name, version: system.version };
      const lists = { acquire: [], release: [], pair: [], pairsPerSecond: [], errors: [] };
      measured.push({ open: await system.open(masters.urls), row, ...lists });
    }
    for (const each of measured) await alone(each, 25 * pairsPerRound, false);
    const progressOf = (what: string) => (round: number) =>
      onProgress(`${what}: round ${round} of ${rounds}`);
    await inRounds(rounds, measured, progressOf("alone"), (system) =>
      alone(system, pairsPerRound, true),
    );
    await inRounds(rounds, measured, progressOf("100 at once"), together);
    await Promise.all(measured.map(({ open }) => open.close()));
    return measured.map((each) => summary(each, measured[0] ?? each));
  },

  print(rows) {
    const [stick] = rows;
    const us = ({ median: value }: Spread): string => value.toFixed(0);
    const ratio = ({ median: value, from, until }: Spread): string =>
      `${value.toFixed(2)} (${from.toFixed(2)}-${until.toFixed(2)})`;
    const lines = rows.map((row) => [
      `${row.system} ${row.version}`,
      us(row.acquire),
      us(row.release),
      us(row.pair),
      ratio(row.pairRatio),
      row.pairsPerSecond.median.toFixed(0),
      ratio(row.pairsPerSecondRatio),
      row.errors.length === 0 ? "" : `${row.errors.length} errors: ${row.errors[0] ?? ""}`,
    ]);
    const titles = ["", "acquire us", "release us", "pair us", "x", "100 at once /s", "x", ""];
    const note =
      `x: against ${stick?.system ?? ""} in the same rounds; median of the rounds, and their middle half.\n` +
      "Alone, lower is better; at once, higher is better.";
    return `${table([titles, ...lines])}\n${note}\n`;
  },
};

/** Every round begins with another system, so that nobody always comes after the same. */
async function inRounds(
  rounds: number,
  systems: readonly Measured[],
  onRound: (round: number) => void,
  measure: (system: Measured) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    onRound(round + 1);
    const first = round % systems.length;
    for (const system of [...systems.slice(first), ...systems.slice(0, first)]) {
      await measure(system);
    }
  }
}

async function alone(system: Measured, pairs: number, isCounted: boolean): Promise<void> {
  const [acquire, release, pair]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < pairs; i++) {
    try {
      const start = performance.now();
      const giveBack = await system.open.acquire("bench:alone");
      const held = performance.now();
      await giveBack();
      const end = performance.now();
      acquire.push(1_000 * (held - start));
      release.push(1_000 * (end - held));
      pair.push(1_000 * (end - start));
    } catch (error) {
      system.errors.push(String(error));
    }
  }
  if (!isCounted) return;
  system.acquire.push(median(acquire));
  system.release.push(median(release));
  system.pair.push(median(pair));
}

async function together(system: Measured): Promise<void> {
  const start = performance.now();
  const pairs = Array.from({ length: atOnce }, async (_, index) => {
    const giveBack = await system.open.acquire(`bench:${index}`);
    await giveBack();
  });
  const failed = (await Promise.allSettled(pairs)).filter((each) => each.status === "rejected");
  const seconds = (performance.now() - start) / 1_000;
  system.errors.push(...failed.map((each) => String(each.reason)));
  system.pairsPerSecond.push((atOnce - failed.length) / seconds);
}

function summary(each: Measured, stick: Measured): UncontendedRow {
  const against = (mine: readonly number[], its: readonly number[]): Spread =>
    spreadOf(mine.map((value, round) => value / (its[round] ?? Number.NaN)));
  return {
    ...each.row,
    acquire: spreadOf(each.acquire),
    release: spreadOf(each.release),
    pair: spreadOf(each.pair),
    pairRatio: against(each.pair, stick.pair),
    pairsPerSecond: spreadOf(each.pairsPerSecond),
    pairsPerSecondRatio: against(each.pairsPerSecond, stick.pairsPerSecond),
    errors: each.errors,
  };
}
