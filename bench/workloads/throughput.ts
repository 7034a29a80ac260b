import { startMasters } from "../../src/masters/masters.ts";
import { Clients, type Client } from "../client/client-process.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import type { Workload } from "../workload.ts";

const counts = [1, 10, 100, 1_000];
const sizes = { full: { rounds: 15, seconds: 0.5 }, quick: { rounds: 2, seconds: 0.05 } };

export const throughput: Workload = {
  name: "throughput",
  about: "Different locks, 1, 10, 100 and 1 000 of them at once, in one process.",
  how:
    "Five masters. All locks of a batch are asked for in one turn of the event loop, each is given back as soon as it is there, " +
    "and the next batch begins when all are back. A round is half a second of each system.",
  isCalm: true,
  figures: [
    { key: "rate", title: "pairs/s", digits: 0 },
    { key: "ratio", title: "x", digits: 2, ratioOf: "rate", better: "more" },
    { key: "cpu", title: "CPU us/pair", digits: 1 },
    { key: "commands", title: "commands/pair", digits: 2 },
  ],
  charts: [{ figure: "rate", title: "Pairs of acquire and release per second (more is better)" }],

  async run({ systems, isQuick, onProgress }) {
    const { rounds, seconds } = isQuick ? sizes.quick : sizes.full;
    await using masters = await startMasters({ count: 5 });
    await using clients = await Clients.open(systems, masters.urls);
    const samples = new Samples(systems);
    for (const count of counts) {
      for (const client of clients.all) await client.run("during", orders(count, seconds));
      await inRounds({ rounds, mostMs: 25_000 }, clients.all, async (client, round) => {
        onProgress(`${count} at once: round ${round + 1} of ${rounds}`);
        await measure(client, { count, seconds, samples });
      });
    }
    return { cases: samples.cases(throughput.figures), leftOut: [] };
  },
};

interface Measuring {
  readonly count: number;
  readonly seconds: number;
  readonly samples: Samples;
}

function orders(count: number, seconds: number) {
  return { resource: "bench:many", count, seconds };
}

async function measure(client: Client, { count, seconds, samples }: Measuring): Promise<void> {
  const taken = await client.run("during", orders(count, seconds));
  const name = `${count} at once`;
  samples.add(name, client.system, {
    rate: (1_000 * taken.pairs) / taken.ms,
    cpu: taken.cpuUs / taken.pairs,
    commands: taken.commands / taken.pairs,
  });
  samples.addErrors(name, client.system, taken.errors);
}
