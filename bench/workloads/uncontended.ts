import { startMasters } from "../../src/masters/masters.ts";
import { Clients, type Client } from "../client/client-process.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import { median } from "../statistics.ts";
import type { System } from "../system.ts";
import type { Workload } from "../workload.ts";

const sizes = {
  full: { groups: 3, rounds: 34, pairs: 60, warm: 6_000 },
  quick: { groups: 1, rounds: 3, pairs: 50, warm: 200 },
};

interface GroupSize {
  readonly rounds: number;
  readonly pairs: number;
  readonly warm: number;
  readonly samples: Samples;
}

export const uncontended: Workload = {
  name: "uncontended",
  about: "A lock that nobody else wants, one pair of acquire and release after the other.",
  how:
    "Five masters. Three times, as servers and clients that run at the same time suit each other more or less well, all of them are started anew; each system does 6 000 pairs first, until its code is compiled. " +
    "Each round is 60 pairs of each, one after the other; its figures are the medians of them. " +
    "Commands and processor time are the client's.",
  isCalm: true,
  figures: [
    { key: "acquire", title: "acquire us", digits: 0 },
    { key: "release", title: "release us", digits: 0 },
    { key: "pair", title: "pair us", digits: 0 },
    { key: "ratio", title: "pair x", digits: 2, ratioOf: "pair", better: "less" },
    { key: "cpu", title: "CPU us/pair", digits: 0 },
    { key: "cpuRatio", title: "CPU x", digits: 2, ratioOf: "cpu", better: "less" },
    { key: "commands", title: "commands/pair", digits: 1 },
  ],
  charts: [{ figure: "pair", title: "Acquire and release alone, microseconds (less is better)" }],

  async run({ systems, isQuick, onProgress }) {
    const { groups, ...size } = isQuick ? sizes.quick : sizes.full;
    const samples = new Samples(systems);
    for (let group = 1; group <= groups; group++)
      await measureGroup(systems, { ...size, samples }, (text) =>
        onProgress(`group ${group} of ${groups}, ${text}`),
      );
    return { cases: samples.cases(uncontended.figures), leftOut: [] };
  },
};

async function measureGroup(
  systems: readonly System[],
  { rounds, pairs, warm, samples }: GroupSize,
  onProgress: (text: string) => void,
): Promise<void> {
  await using masters = await startMasters({ count: 5 });
  await using clients = await Clients.open(systems, masters.urls);
  for (const client of clients.all) {
    onProgress(`warming ${client.system.name}`);
    await client.run("alone", { resource: "bench:warm", pairs: warm });
  }
  await inRounds({ rounds, mostMs: 15_000 }, clients.all, async (client, round) => {
    onProgress(`round ${round + 1} of ${rounds}`);
    await measure(client, pairs, samples);
  });
}

async function measure(client: Client, count: number, samples: Samples): Promise<void> {
  const taken = await client.run("alone", { resource: "bench:alone", pairs: count });
  const { acquireUs, releaseUs, pairs } = taken;
  samples.add("alone", client.system, {
    acquire: median(acquireUs),
    release: median(releaseUs),
    pair: median(releaseUs.map((us, index) => us + (acquireUs[index] ?? 0))),
    cpu: taken.cpuUs / pairs,
    commands: taken.commands / pairs,
  });
  samples.addErrors("alone", client.system, taken.errors);
}
