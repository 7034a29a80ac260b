import type { Master } from "../../src/masters/masters.ts";
import { Clients, type Client } from "../client/client-process.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import { Delay } from "../servers/delay.ts";
import { ownMasters } from "../servers/own-masters.ts";
import { quantile } from "../statistics.ts";
import type { Setting, Workload } from "../workload.ts";
import { hungUnderLoad } from "./hung-under-load.ts";

interface Fault {
  readonly name: string;
  /** What happens to the masters, the slow one's way included. */
  readonly strike: (masters: readonly Master[], delay: Delay) => void | Promise<void>;
  /** Nobody can get a lock: a few tries will do. */
  readonly isHopeless?: boolean;
}

const hang = (count: number) => async (masters: readonly Master[]) => {
  for (const master of masters.slice(0, count)) await master.pause();
};

const slowMs = 100;

const strikes: readonly Fault[] = [
  {
    name: `one slow by ${slowMs} ms each way`,
    strike: (_, delay) => void (delay.requestsMs = delay.answersMs = slowMs),
  },
  { name: "one dead", strike: ([first]) => first?.kill() },
  { name: "one hung", strike: hang(1) },
  { name: "two hung", strike: hang(2) },
  { name: "three hung", strike: hang(3), isHopeless: true },
];

const sizes = {
  full: { rounds: 15, pairs: 60, patienceMs: 1_000 },
  quick: { rounds: 2, pairs: 20, patienceMs: 250 },
  hopeless: { rounds: 1, pairs: 3, patienceMs: 3_000 },
  hopelessQuick: { rounds: 1, pairs: 1, patienceMs: 900 },
};

/** Some take longer for one pair than others for all of a round. */
const mostMs = 400;

/** Who was given up so often in one case is not asked again. */
const mostStuck = 3;

export const faults: Workload = {
  name: "faults",
  about: "Acquire and release alone while masters are slow, dead or hung.",
  how:
    "For each fault two groups of five masters: one stays as it is, the other one is struck when all clients are connected and warm. Rounds go to and fro between the two groups; " +
    "nothing of what follows the strike is left out. Ratios: struck against healthy, for one system. Whoever gets no answer for 1 s (three hung: 3 s) is given up, and after three times not asked again. " +
    "With three hung there is no majority: `acquire` is then the time until the error. " +
    "A hung master under load: 100 locks at once, again and again, while one master is stopped; then it wakes. Memory is what is in use after a collection; " +
    "an acquire is stale if the master still carries it out then, as its MONITOR says.",
  figures: [
    { key: "acquire", title: "acquire us", digits: 0 },
    { key: "acquireP99", title: "p99 us", digits: 0 },
    { key: "ratio", title: "median x", digits: 2, better: "less" },
    { key: "ratioP99", title: "p99 x", digits: 2, better: "less" },
    { key: "seconds", title: "seconds", digits: 0 },
    { key: "pairs", title: "pairs", digits: 0 },
    { key: "grown", title: "memory MiB", digits: 1, better: "less" },
    { key: "commands", title: "commands at waking", digits: 0 },
    { key: "stale", title: "stale acquires", digits: 0, better: "less" },
  ],
  charts: [
    {
      figure: "acquire",
      title: "Acquire while masters are away, median us (less is better)",
      cases: ["one", "two"],
    },
  ],

  async run(setting) {
    const samples = new Samples(setting.systems);
    await using healthy = await ownMasters(5);
    await using clients = await Clients.open(setting.systems, healthy.urls);
    const first = setting.isQuick ? warming : firstWarming;
    for (const client of clients.all) await client.run("alone", first);
    for (const strike of strikes) await underFault(strike, clients.all, { setting, samples });
    await hungUnderLoad(clients.all, setting, samples);
    return { cases: samples.cases(faults.figures), leftOut: [] };
  },
};

/** Where a client has the masters that are struck. */
const struckPlace = 1;

const warming = { resource: "bench:alone", pairs: 200 };

/** Until the code of all is compiled: what is compared is a fault, and not who is warm. */
const firstWarming = { ...warming, pairs: 3_000 };

async function underFault(
  fault: Fault,
  clients: readonly Client[],
  { setting, samples }: { readonly setting: Setting; readonly samples: Samples },
): Promise<void> {
  const [quick, full] = fault.isHopeless
    ? [sizes.hopelessQuick, sizes.hopeless]
    : [sizes.quick, sizes.full];
  const { rounds, pairs, patienceMs } = setting.isQuick ? quick : full;
  await using masters = await ownMasters(5);
  await using delay = await Delay.before(masters.urls[0] ?? "");
  const urls = [delay.url, ...masters.urls.slice(1)];
  await Promise.all(clients.map((client) => client.open(urls, { place: struckPlace })));
  for (const client of clients) await client.run("alone", warming, struckPlace);
  await fault.strike(masters.all, delay);
  const times = new Map<Client, readonly [number[], number[]]>();
  for (const client of clients) times.set(client, [[], []]);
  const stuck = new Map<Client, number>();
  await inRounds({ rounds, mostMs: 20_000 }, clients, async (client, round) => {
    setting.onProgress(`${fault.name}: round ${round + 1} of ${rounds}`);
    const stuckCount = stuck.get(client) ?? 0;
    if (stuckCount === mostStuck) return;
    // What was not given back stands in nobody's way.
    const order = { resource: `bench:alone:${round}`, pairs, patienceMs, mostMs };
    const well = await client.run("alone", order);
    const hurt = await client.run("alone", order, struckPlace);
    times.get(client)?.[0].push(...well.acquireUs);
    times.get(client)?.[1].push(...hurt.acquireUs);
    if (hurt.isStuck) stuck.set(client, stuckCount + 1);
    samples.addErrors(fault.name, client.system, hurt.errors);
  });
  for (const [{ system }, [well, hurt]] of times) {
    samples.add(fault.name, system, compared(hurt, well));
  }
}

function compared(hurt: readonly number[], well: readonly number[]): Record<string, number> {
  const [acquire, acquireP99] = [quantile(hurt, 0.5), quantile(hurt, 0.99)];
  const ratio = acquire / quantile(well, 0.5);
  return { acquire, acquireP99, ratio, ratioP99: acquireP99 / quantile(well, 0.99) };
}
