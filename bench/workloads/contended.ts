import { startMasters } from "../../src/masters/masters.ts";
import { Clients, type Client } from "../client/client-process.ts";
import type { Contended } from "../client/contending.ts";
import { nowMs } from "../clock.ts";
import { contention } from "../contention.ts";
import { able } from "../able.ts";
import { inRounds } from "../rounds.ts";
import { Samples } from "../samples.ts";
import type { System } from "../system.ts";
import type { Workload } from "../workload.ts";

const processCount = 4;
const shapes = [
  { processes: 1, waiters: 50 },
  { processes: processCount, waiters: 1 },
  { processes: processCount, waiters: 5 },
];
const sectionsMs = [1, 0];
const sizes = {
  full: { rounds: 5, ms: 1_000, warmMs: 2_000 },
  quick: { rounds: 1, ms: 200, warmMs: 100 },
};

/** Until all processes have heard when it begins. */
const headStartMs = 30;

export const contended: Workload = {
  name: "contended",
  about:
    "Many want one lock: in one process, and in four; the guarded section takes 1 ms, or no time.",
  how:
    "Five masters. `4 x 5` are four processes with five waiters each, all of which want the same lock again as soon as they gave it back, for 1 s a round; before that, each four do so for 2 s that do not count. " +
    "All processes tell what they did on the monotonic clock that they share. Hand-off: from where a holder begins to release to the next grant, whoever gets it. " +
    "Libraries that ask again at random times mostly give it to the one that has just had it, which is quick: `to another` is how often somebody else got it. " +
    "A wait counts from the first asking, over errors after which it asks again, and also if it was in vain. " +
    "Fair share: how long one would wait if all took turns. Retries are each library's defaults.",
  figures: [
    { key: "grants", title: "grants/s", digits: 0 },
    { key: "handOff", title: "hand-off ms", digits: 2, better: "less" },
    { key: "handOffRatio", title: "x", digits: 2, ratioOf: "handOff" },
    { key: "handOffP99", title: "p99 ms", digits: 1 },
    { key: "passedOn", title: "to another %", digits: 0 },
    { key: "gap", title: "longest gap ms", digits: 1 },
    { key: "commands", title: "commands/grant", digits: 1 },
    { key: "cpu", title: "CPU us/grant", digits: 0 },
    { key: "jain", title: "Jain", digits: 3 },
    { key: "wait", title: "longest wait ms", digits: 0 },
    { key: "waitRatio", title: "of fair share x", digits: 1 },
  ],
  charts: [
    { figure: "handOff", title: "Hand-off, median in ms (less is better)" },
    { figure: "commands", title: "Commands for each grant (less is better)" },
  ],

  async run({ systems, isQuick, onProgress }) {
    const { rounds, ms, warmMs } = isQuick ? sizes.quick : sizes.full;
    const { can, leftOut } = able(systems, "wait");
    await using masters = await startMasters({ count: 5 });
    // Teams of all systems, in one list: the processes of a system stand together.
    const everybody = can.flatMap((system) => Array.from({ length: processCount }, () => system));
    await using clients = await Clients.open(everybody, masters.urls);
    const team = (system: System): Client[] =>
      clients.all.filter((client) => client.system === system);
    const samples = new Samples(can);
    for (const system of can) {
      onProgress(`warming ${system.name}`);
      await together(team(system), { resource: "warm", waiters: 1, sectionMs: 0, ms: warmMs });
    }
    for (const { processes, waiters } of shapes) {
      for (const sectionMs of sectionsMs) {
        const name = `${processes} x ${waiters}, section ${sectionMs} ms`;
        await inRounds({ rounds }, can, async (system, round) => {
          onProgress(`${name}: round ${round + 1} of ${rounds}, ${system.name}`);
          const members = team(system).slice(0, processes);
          const resource = `${name} ${round}`;
          const all = await together(members, { resource, waiters, sectionMs, ms });
          const { figures, errors } = contention(all.parts, { ...all, waiters });
          samples.add(name, system, figures);
          samples.addErrors(name, system, errors);
        });
      }
    }
    return { cases: samples.cases(contended.figures), leftOut };
  },
};

/** All of them want the same lock for so long. */
export async function together(
  members: readonly Client[],
  order: {
    readonly resource: string;
    readonly waiters: number;
    readonly sectionMs: number;
    readonly ms: number;
  },
): Promise<{ parts: Contended[]; beginAt: number; endAt: number }> {
  const beginAt = nowMs() + headStartMs;
  const { resource, waiters, sectionMs, ms } = order;
  const endAt = beginAt + ms;
  const parts = await Promise.all(
    members.map((client) =>
      client.run("contend", { resource, waiters, sectionMs, beginAt, endAt, drainMs: ms / 2 }),
    ),
  );
  return { parts, beginAt, endAt };
}
