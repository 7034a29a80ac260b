import { setTimeout as pause } from "node:timers/promises";
import { Client, Clients } from "../client/client-process.ts";
import { contention } from "../contention.ts";
import type { LeftOut } from "../result.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import { authorities, type Authority, type AuthorityKind } from "../servers/authorities.ts";
import { median } from "../statistics.ts";
import type { System } from "../system.ts";
import type { Setting, Workload } from "../workload.ts";
import { together } from "./contended.ts";

const sizes = {
  full: {
    rounds: 6,
    pairs: 40,
    contestMs: 1_000,
    ttlMs: 2_000,
    crashes: 3,
    watchMs: 5_000,
    processes: 4,
  },
  quick: {
    rounds: 1,
    pairs: 10,
    contestMs: 300,
    ttlMs: 600,
    crashes: 1,
    watchMs: 2_500,
    processes: 2,
  },
};
type Size = typeof sizes.full;

export const compare: Workload = {
  name: "compare",
  about: "The same lock on a quorum of Redis masters, on PostgreSQL, on MariaDB and on ZooKeeper.",
  how:
    "Real servers on this machine, each with the settings of this project's tests: none of them waits for the disk (PostgreSQL `fsync=off`, MariaDB " +
    "`innodb_flush_log_at_trx_commit=2`, ZooKeeper `forceSync=no`, Redis without persistence), so add a flush of yours to each grant of the last three. Pools have 10 connections. " +
    "Contended: four processes with one waiter each, section 1 ms. Holder killed: from the SIGKILL to the next grant, of which the ttl of 2 s (ZooKeeper: the session's 3 s) is the most part. " +
    "Server killed: the longest time without a grant for one client that takes and gives back without a pause.",
  figures: [
    { key: "acquire", title: "acquire us", digits: 0 },
    { key: "release", title: "release us", digits: 0 },
    { key: "cpu", title: "CPU us/pair", digits: 0 },
    { key: "rate", title: "100 at once /s", digits: 0 },
    { key: "grants", title: "contended grants/s", digits: 0 },
    { key: "handOff", title: "hand-off ms", digits: 2 },
    { key: "handOffP99", title: "p99 ms", digits: 1 },
    { key: "jain", title: "Jain", digits: 3 },
    { key: "holderKilled", title: "holder killed: next grant ms", digits: 0 },
    { key: "serverKilled", title: "server killed: without a grant ms", digits: 0 },
  ],
  charts: [
    { figure: "acquire", title: "Acquire alone, microseconds (less is better)" },
    { figure: "rate", title: "100 different locks at once, pairs/s (more is better)" },
    { figure: "handOff", title: "Hand-off between processes, median ms (less is better)" },
    { figure: "serverKilled", title: "A server is killed: longest time without a grant, ms" },
  ],

  async run(setting) {
    const leftOut: LeftOut[] = [];
    const kinds: AuthorityKind[] = [];
    for (const kind of authorities) {
      if ((await kind.find().catch(() => undefined)) !== undefined) kinds.push(kind);
      else leftOut.push({ system: kind.system.name, why: "it is not installed on this machine" });
    }
    setting.onProgress("starting the servers");
    await using stack = new AsyncStack();
    const running: Running[] = [];
    for (const { system, start } of kinds) {
      const authority = stack.use(await start());
      running.push({ system: { ...system, version: authority.version }, authority });
    }
    const samples = new Samples(kinds.map(({ system }) => system));
    await measureAll(running, setting, samples);
    return { cases: samples.cases(compare.figures), leftOut };
  },
};

interface Running {
  readonly system: System;
  readonly authority: Authority;
}

const name = "side by side";

async function measureAll(
  running: readonly Running[],
  { isQuick, onProgress }: Setting,
  samples: Samples,
): Promise<void> {
  const size = isQuick ? sizes.quick : sizes.full;
  await using stack = new AsyncStack();
  const teams: (Running & { readonly clients: readonly Client[] })[] = [];
  for (const each of running) {
    const everybody = Array.from({ length: size.processes }, () => each.system);
    const clients = stack.use(await Clients.open(everybody, each.authority.urls)).all;
    for (const client of clients) await client.run("alone", { resource: "warm", pairs: 100 });
    teams.push({ ...each, clients });
  }
  await inRounds({ ...size, mostMs: 45_000 }, teams, async ({ system, clients }, round) => {
    onProgress(`round ${round + 1} of ${size.rounds}: ${system.name}`);
    await takeTurns(system, clients, { size, round, samples });
  });
  for (const { system, authority, clients } of teams) {
    onProgress(`${system.name}: the holder is killed`);
    await killHolders(system, authority, { size, samples });
    onProgress(`${system.name}: a server is killed`);
    const [first] = clients;
    if (first !== undefined) await killServer(first, system, authority, { size, samples });
  }
}

async function takeTurns(
  system: System,
  clients: readonly Client[],
  { size, round, samples }: { size: Size; round: number; samples: Samples },
): Promise<void> {
  const [first] = clients;
  if (first === undefined) return;
  const alone = await first.run("alone", { resource: "bench:alone", pairs: size.pairs });
  const many = await first.run("atOnce", { resource: "bench:many", count: 100, times: 3 });
  const order = { resource: `bench:${round}`, waiters: 1, sectionMs: 1, ms: size.contestMs };
  const contest = await together(clients, order);
  const { figures, errors } = contention(contest.parts, { ...contest, waiters: 1 });
  const { grants = 0, handOff = 0, handOffP99 = 0, jain = 0 } = figures;
  samples.add(name, system, {
    acquire: median(alone.acquireUs),
    release: median(alone.releaseUs),
    cpu: alone.cpuUs / alone.pairs,
    rate: (1_000 * many.pairs) / many.ms,
    ...{ grants, handOff, handOffP99, jain },
  });
  for (const each of [alone.errors, many.errors, errors]) samples.addErrors(name, system, each);
}

async function killHolders(
  system: System,
  { urls }: Authority,
  { size, samples }: { size: Size; samples: Samples },
): Promise<void> {
  const { ttlMs, crashes } = size;
  await using waiter = await Client.open(system, urls, { ttlMs });
  await waiter.run("alone", { resource: "warm", pairs: 10 });
  for (let i = 0; i < crashes; i++) {
    await using holder = await Client.open(system, urls, { ttlMs });
    const resource = `bench:crash:${i}`;
    await holder.run("alone", { resource: "warm", pairs: 5 });
    const held = await holder.run("crash", { resource });
    const order = { resource, patienceMs: 10 * ttlMs };
    const { grants, errors } = await waiter.run("waitFor", order);
    samples.add(name, system, {
      holderKilled: (grants[0]?.grantedAt ?? Number.NaN) - held.grantedAt,
    });
    samples.addErrors(name, system, held.errors);
    samples.addErrors(name, system, errors);
  }
}

async function killServer(
  client: Client,
  system: System,
  authority: Authority,
  { size, samples }: { size: Size; samples: Samples },
): Promise<void> {
  const order = { resource: "bench:gap", waiters: 1, sectionMs: 0, ms: size.watchMs };
  const watching = together([client], order);
  await pause(size.watchMs / 8);
  await authority.crash();
  const contest = await watching;
  const { figures } = contention(contest.parts, { ...contest, waiters: 1 });
  // What goes wrong while the server is away is the point, and no mistake.
  samples.add(name, system, { serverKilled: figures["gap"] ?? Number.NaN });
}

/** Ends what it was given, the last one first. */
class AsyncStack implements AsyncDisposable {
  readonly #all: AsyncDisposable[] = [];

  use<Item extends AsyncDisposable>(item: Item): Item {
    this.#all.push(item);
    return item;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const item of this.#all.toReversed()) await item[Symbol.asyncDispose]();
  }
}
