import { able } from "../able.ts";
import { Clients, type Client } from "../client/client-process.ts";
import { Samples } from "../samples.ts";
import { startMasters } from "../../src/masters/masters.ts";
import type { System } from "../system.ts";
import type { Workload } from "../workload.ts";

const sizes = { full: { rounds: 10 }, quick: { rounds: 1 } };
const ttlMs = 1_000;
const name = "holder killed";

export const recovery: Workload = {
  name: "recovery",
  about: "The holder is killed while another process waits: when does that get the lock?",
  how:
    "Five masters, a ttl of 1 s. The holder's process ends by SIGKILL as soon as it has said that it has the lock, and before it renews. " +
    "After expiry: from the ttl after the holder asked for it, before which no server lets it go, to the grant of the one that waits; on the clock that both processes share.",
  figures: [
    { key: "afterExpiry", title: "after expiry ms", digits: 1, better: "less" },
    { key: "worst", title: "worst ms", digits: 1, better: "less" },
  ],
  charts: [{ figure: "afterExpiry", title: "Next grant after a dead holder's expiry, median ms" }],

  async run({ systems, isQuick, onProgress }) {
    const { rounds } = isQuick ? sizes.quick : sizes.full;
    const { can, leftOut } = able(systems, "wait");
    await using masters = await startMasters({ count: 5 });
    await using waiters = await Clients.open(can, masters.urls, { ttlMs });
    for (const waiter of waiters.all) await waiter.run("alone", { resource: "warm", pairs: 30 });
    const samples = new Samples(can);
    const worst = new Map<System, number>();
    for (let round = 0; round < rounds; round++) {
      onProgress(`round ${round + 1} of ${rounds}`);
      await using holders = await Clients.open(can, masters.urls, { ttlMs });
      const crashes = waiters.all.map(async (waiter, index) => {
        const holder = holders.all[index];
        if (holder === undefined) return;
        const { system } = waiter;
        const { late, errors } = await crash(holder, waiter, `bench:${system.name}:${round}`);
        samples.add(name, system, { afterExpiry: late });
        samples.addErrors(name, system, errors);
        worst.set(system, Math.max(late, worst.get(system) ?? -Infinity));
      });
      // They only wait: all at once.
      await Promise.all(crashes);
    }
    for (const [system, ms] of worst) samples.add(name, system, { worst: ms });
    return { cases: samples.cases(recovery.figures), leftOut };
  },
};

async function crash(
  holder: Client,
  waiter: Client,
  resource: string,
): Promise<{ readonly late: number; readonly errors: Readonly<Record<string, number>> }> {
  await holder.run("alone", { resource: `${resource}:warm`, pairs: 5 });
  const held = await holder.run("crash", { resource });
  const { grants, errors } = await waiter.run("waitFor", { resource, patienceMs: 10 * ttlMs });
  const late = (grants[0]?.grantedAt ?? Number.NaN) - held.askedAt - ttlMs;
  return { late, errors: { ...held.errors, ...errors } };
}
