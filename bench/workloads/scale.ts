import { startMasters } from "../../src/masters/masters.ts";
import { Clients, type Client } from "../client/client-process.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import { median, sum } from "../statistics.ts";
import type { System } from "../system.ts";
import type { Workload } from "../workload.ts";

/** Masters, and client processes. */
const grid = {
  full: [
    ...[1, 3, 5, 7, 9].map((masters) => ({ masters, processes: 1 })),
    ...[2, 4].map((processes) => ({ masters: 5, processes })),
  ],
  quick: [
    { masters: 3, processes: 1 },
    { masters: 9, processes: 2 },
  ],
};
const sizes = {
  full: { rounds: 5, pairs: 100, times: 8, warm: { pairs: 1_500, times: 20 } },
  quick: { rounds: 1, pairs: 20, times: 2, warm: { pairs: 20, times: 1 } },
};

export const scale: Workload = {
  name: "scale",
  about: "With 1 to 9 masters, and with 1, 2 and 4 client processes.",
  how:
    "Alone: one pair after the other in one process. At once: 100 locks at once in each process, all processes together. Each process does 1 500 of the one and 20 of the other first. " +
    "All masters and clients share the cores of one machine: what more of them cost shows, what more machines would bring does not.",
  figures: [
    { key: "pair", title: "pair alone us", digits: 0 },
    { key: "pairRatio", title: "x", digits: 2, ratioOf: "pair", better: "less" },
    { key: "rate", title: "100 at once /s", digits: 0 },
    { key: "rateRatio", title: "x", digits: 2, ratioOf: "rate", better: "more" },
  ],
  charts: [{ figure: "rate", title: "100 at once in each process, pairs/s (more is better)" }],

  async run({ systems, isQuick, onProgress }) {
    const size = isQuick ? sizes.quick : sizes.full;
    const samples = new Samples(systems);
    const cases = isQuick ? grid.quick : grid.full;
    const most = Math.max(...cases.map(({ processes }) => processes));
    const everybody = systems.flatMap((system) => Array.from({ length: most }, () => system));
    await using first = await startMasters({ count: 1 });
    await using clients = await Clients.open(everybody, first.urls);
    onProgress("warming");
    for (const client of clients.all) await warm(client, size.warm);
    for (const { masters: count, processes } of cases) {
      const name = `${count} masters, ${processes} ${processes === 1 ? "process" : "processes"}`;
      await using masters = await startMasters({ count });
      const team = ({ name }: System): Client[] =>
        clients.all.filter(({ system }) => system.name === name).slice(0, processes);
      for (const client of systems.flatMap(team)) {
        await client.open(masters.urls);
        await warm(client, { pairs: size.pairs, times: 3 });
      }
      await inRounds({ ...size, mostMs: 12_000 }, systems, async (system, round) => {
        onProgress(`${name}: round ${round + 1} of ${size.rounds}`);
        await measure(team(system), { name, size, samples });
      });
    }
    return { cases: samples.cases(scale.figures), leftOut: [] };
  },
};

async function warm(
  client: Client,
  { pairs, times }: { readonly pairs: number; readonly times: number },
): Promise<void> {
  await client.run("alone", { resource: "bench:alone", pairs });
  await client.run("atOnce", order(client, times));
}

async function measure(
  team: readonly Client[],
  how: { readonly name: string; readonly size: typeof sizes.full; readonly samples: Samples },
): Promise<void> {
  const [first] = team;
  if (first === undefined) return;
  const { name, samples } = how;
  const { pairs, times } = how.size;
  const alone = await first.run("alone", { resource: "bench:alone", pairs });
  const many = await Promise.all(team.map((client) => client.run("atOnce", order(client, times))));
  samples.add(name, first.system, {
    pair: median(alone.releaseUs.map((us, index) => us + (alone.acquireUs[index] ?? 0))),
    rate: sum(many.map(({ pairs, ms }) => (1_000 * pairs) / ms)),
  });
  for (const { errors } of [alone, ...many]) samples.addErrors(name, first.system, errors);
}

/** Each process has locks of its own. */
function order({ pid }: Client, times: number) {
  return { resource: `bench:${pid}`, count: 100, times };
}
