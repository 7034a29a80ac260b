import { able } from "../able.ts";
import { Client } from "../client/client-process.ts";
import { Samples } from "../samples.ts";
import { startMasters } from "../../src/masters/masters.ts";
import type { System } from "../system.ts";
import type { Workload } from "../workload.ts";

/** The quick one is long enough for everybody to extend at least once. */
const sizes = {
  full: { count: 10_000, ttlMs: 10_000, seconds: 12 },
  quick: { count: 300, ttlMs: 1_500, seconds: 1.6 },
};
const atOnce = 100;
const masterCount = 5;

export const held: Workload = {
  name: "held",
  about: "10 000 locks that are held and renewed by one process.",
  how:
    "Five masters, a ttl of 10 s. Each system alone takes 10 000 locks, 100 at a time, and holds them for 12 s, renewed by its own means and at its own times. " +
    "Memory is what is in use after a collection, against before; timers are how many more there are. Commands are what the client sent in that time. " +
    "Extensions: seen at the locks themselves by looking ten times in a ttl, for libraries that say how much time is left; for the others a command to each master is one.",
  figures: [
    { key: "bytes", title: "memory B/lock", digits: 0, better: "less" },
    { key: "timers", title: "timers", digits: 0, better: "less" },
    { key: "cpu", title: "CPU us/extension", digits: 1, better: "less" },
    { key: "cpuShare", title: "CPU % of a core", digits: 1, better: "less" },
    { key: "commands", title: "commands/extension", digits: 2, better: "less" },
    { key: "extensions", title: "extensions/s", digits: 0 },
  ],
  charts: [
    { figure: "cpu", title: "Client's processor time for each extension, us (less is better)" },
    { figure: "bytes", title: "Memory for each lock held, bytes (less is better)" },
  ],

  async run({ systems, isQuick, onProgress }) {
    const size = isQuick ? sizes.quick : sizes.full;
    const { can, leftOut } = able(systems, "hold");
    const samples = new Samples(can);
    for (const system of can) {
      onProgress(`${size.count} locks of ${system.name}`);
      await measure(system, size, samples);
    }
    return { cases: samples.cases(held.figures), leftOut };
  },
};

async function measure(
  system: System,
  { count, ttlMs, seconds }: typeof sizes.full,
  samples: Samples,
): Promise<void> {
  const name = `${count} locks, ttl ${ttlMs / 1_000} s`;
  await using masters = await startMasters({ count: masterCount });
  await using client = await Client.open(system, masters.urls, { ttlMs });
  await client.run("atOnce", { resource: "bench:warm", count: atOnce, times: 5 });
  const taken = await client.run("hold", { resource: "bench:held", count, atOnce });
  samples.addErrors(name, system, taken.errors);
  const watched = await client.run("watchHeld", { seconds, lookMs: ttlMs / 10 });
  const { commands } = watched;
  const extensions = watched.extensions ?? commands / masterCount;
  samples.add(name, system, {
    bytes: taken.bytesPerLock,
    timers: taken.timers,
    cpu: watched.cpuUs / extensions,
    cpuShare: watched.cpuUs / watched.ms / 10,
    commands: commands / extensions,
    extensions: (1_000 * extensions) / watched.ms,
  });
}
