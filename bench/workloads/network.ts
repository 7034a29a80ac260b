import { startMasters } from "../../src/masters/masters.ts";
import { Clients } from "../client/client-process.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import { Delays } from "../servers/delay.ts";
import { median } from "../statistics.ts";
import type { Workload } from "../workload.ts";

const delaysMs = [1, 10, 50];
const sizes = { full: { rounds: 3, ms: 600 }, quick: { rounds: 1, ms: 100 } };

export const network: Workload = {
  name: "network",
  about: "The masters are 1, 10 and 50 ms away: how many round trips does a lock take?",
  how:
    "Five masters, each behind a proxy that passes on what is asked so much later. In each round the client's own PINGs to the same addresses, over sockets of their own, " +
    "say what a round trip takes there at that time; acquire and release alone are divided by it.",
  figures: [
    { key: "trip", title: "round trip ms", digits: 2 },
    { key: "acquire", title: "acquire ms", digits: 2 },
    { key: "release", title: "release ms", digits: 2 },
    { key: "acquireTrips", title: "acquire trips", digits: 2, better: "less" },
    { key: "releaseTrips", title: "release trips", digits: 2, better: "less" },
  ],
  charts: [{ figure: "acquireTrips", title: "Acquire, in round trips (less is better)" }],

  async run({ systems, isQuick, onProgress }) {
    const { rounds, ms } = isQuick ? sizes.quick : sizes.full;
    await using masters = await startMasters({ count: 5 });
    await using delays = await Delays.before(masters.urls);
    await using clients = await Clients.open(systems, delays.urls);
    for (const client of clients.all) await client.run("alone", { resource: "warm", pairs: 100 });
    const samples = new Samples(systems);
    for (const delayMs of delaysMs) {
      for (const delay of delays.all) delay.requestsMs = delayMs;
      const name = `${delayMs} ms`;
      const count = Math.ceil(ms / delayMs / 3);
      await inRounds({ rounds, mostMs: 15_000 }, clients.all, async (client, round) => {
        onProgress(`${name}: round ${round + 1} of ${rounds}`);
        const trip = median(await client.run("roundTrips", { urls: delays.urls, count }));
        const taken = await client.run("alone", { resource: "bench:alone", pairs: count });
        const [acquire, release] = [median(taken.acquireUs), median(taken.releaseUs)];
        samples.add(name, client.system, {
          ...{ trip: trip / 1_000, acquire: acquire / 1_000, release: release / 1_000 },
          ...{ acquireTrips: acquire / trip, releaseTrips: release / trip },
        });
        samples.addErrors(name, client.system, taken.errors);
      });
    }
    return { cases: samples.cases(network.figures), leftOut: [] };
  },
};
