import type { Master, Masters } from "../../src/masters/masters.ts";
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
  /** What happens to the masters, or to the way to the first one. */
  readonly strike: (masters: readonly Master[], way?: Delay) => void | Promise<void>;
  /** It happens to the way: then both groups have one that can be made longer. */
  readonly isOfTheWay?: boolean;
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
    strike: (_, way) => {
      if (way !== undefined) way.requestsMs = way.answersMs = slowMs;
    },
    isOfTheWay: true,
  },
  { name: "one dead", strike: ([first]) => first?.kill() },
  { name: "one hung", strike: hang(1) },
  { name: "two hung", strike: hang(2) },
  { name: "three hung", strike: hang(3), isHopeless: true },
];

const sizes = {
  full: { groups: 3, rounds: 10, pairs: 150, patienceMs: 1_000 },
  quick: { groups: 1, rounds: 2, pairs: 20, patienceMs: 250 },
  hopeless: { groups: 1, rounds: 1, pairs: 3, patienceMs: 3_000 },
  hopelessQuick: { groups: 1, rounds: 1, pairs: 1, patienceMs: 900 },
};

/** Some take longer for one pair than others for all of a round. */
const mostMs = 400;

/** Who was given up so often in one case is not asked again. */
const mostStuck = 3;

export const faults: Workload = {
  name: "faults",
  about: "Acquire and release alone while masters are slow, dead or hung.",
  how:
    "For each fault, three times, two new groups of five masters: one stays as it is, the other one is struck when all clients are connected and warm. A slow one is behind a relay, as is one of the other group then. Rounds go to and fro between the two groups, " +
    "now one first and now the other, after ten pairs elsewhere, as a process that has slept is slow at first; nothing of what follows the strike is left out. Ratios: struck against healthy, for one system. Whoever gets no answer for 1 s (three hung: 3 s) is given up, and after three times not asked again. " +
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
    await using others = await ownMasters(5);
    await using clients = await Clients.open(setting.systems, others.urls);
    const pairs = setting.isQuick ? 200 : 3_000;
    for (const client of clients.all) await client.run("alone", { ...elsewhere, pairs });
    for (const strike of strikes) await underFault(strike, clients.all, { setting, samples });
    // Who has lost its masters would try to connect again all the time.
    for (const place of Object.values(places)) await connect(clients.all, others.urls, place);
    await hungUnderLoad(clients.all, setting, samples);
    return { cases: samples.cases(faults.figures), leftOut: [] };
  },
};

/** Where a client has the masters that stay as they are, and those that are struck. */
const places = { well: 1, hurt: 2 };

/** On masters that are not measured: until all code is compiled, or a process that has slept is awake. */
const elsewhere = { resource: "bench:alone", pairs: 10 };

/** What one system did under one fault. */
interface Trial {
  readonly well: number[];
  readonly hurt: number[];
  stuck: number;
}

async function underFault(
  fault: Fault,
  clients: readonly Client[],
  { setting, samples }: { readonly setting: Setting; readonly samples: Samples },
): Promise<void> {
  const [quick, full] = fault.isHopeless
    ? [sizes.hopelessQuick, sizes.hopeless]
    : [sizes.quick, sizes.full];
  const size = setting.isQuick ? quick : full;
  const trials = new Map<Client, Trial>();
  for (const client of clients) trials.set(client, { well: [], hurt: [], stuck: 0 });
  for (let group = 1; group <= size.groups; group++) {
    await using sound = await ownMasters(5);
    await using struck = await ownMasters(5);
    await using soundWay = await wayTo(sound, fault);
    await using way = await wayTo(struck, fault);
    await getToKnow(clients, urlsBy(soundWay, sound), places.well);
    await getToKnow(clients, urlsBy(way, struck), places.hurt);
    await fault.strike(struck.all, way);
    await inRounds({ rounds: size.rounds, mostMs: 20_000 }, clients, async (client, round) => {
      setting.onProgress(`${fault.name}: group ${group}, round ${round + 1} of ${size.rounds}`);
      const trial = trials.get(client);
      if (trial === undefined || trial.stuck === mostStuck) return;
      const errors = await tryBoth(client, trial, { ...size, round });
      samples.addErrors(fault.name, client.system, errors);
    });
  }
  for (const [{ system }, trial] of trials) samples.add(fault.name, system, compared(trial));
}

async function wayTo({ urls }: Masters, { isOfTheWay }: Fault): Promise<Delay | undefined> {
  return isOfTheWay === true ? Delay.before(urls[0] ?? "") : undefined;
}

function urlsBy(way: Delay | undefined, { urls }: Masters): readonly string[] {
  return way === undefined ? urls : [way.url, ...urls.slice(1)];
}

async function connect(
  clients: readonly Client[],
  urls: readonly string[],
  place: number,
): Promise<void> {
  await Promise.all(clients.map((client) => client.open(urls, { place })));
}

/** Connects to these masters, and speaks with them. */
async function getToKnow(
  clients: readonly Client[],
  urls: readonly string[],
  place: number,
): Promise<void> {
  await connect(clients, urls, place);
  for (const client of clients)
    await client.run("alone", { resource: "bench:alone", pairs: 200 }, place);
}

async function tryBoth(
  client: Client,
  trial: Trial,
  { pairs, patienceMs, round }: { pairs: number; patienceMs: number; round: number },
): Promise<Record<string, number>> {
  const order: ("well" | "hurt")[] = round % 2 === 0 ? ["well", "hurt"] : ["hurt", "well"];
  let errors = {};
  await client.run("alone", elsewhere);
  for (const which of order) {
    // What was not given back stands in nobody's way.
    const options = { resource: `bench:alone:${round}`, pairs, patienceMs, mostMs };
    const taken = await client.run("alone", options, places[which]);
    trial[which].push(...taken.acquireUs);
    if (which === "well") continue;
    errors = taken.errors;
    if (taken.isStuck) trial.stuck++;
  }
  return errors;
}

function compared({ well, hurt }: Trial): Record<string, number> {
  const [acquire, acquireP99] = [quantile(hurt, 0.5), quantile(hurt, 0.99)];
  const ratio = acquire / quantile(well, 0.5);
  return { acquire, acquireP99, ratio, ratioP99: acquireP99 / quantile(well, 0.99) };
}
