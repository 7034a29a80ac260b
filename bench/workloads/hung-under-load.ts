import type { Client } from "../client/client-process.ts";
import type { Samples } from "../samples.ts";
import { Onlooker } from "../servers/onlooker.ts";
import { ownMasters } from "../servers/own-masters.ts";
import type { Setting } from "../workload.ts";

/** Ours is loaded for the minute that its promise is about; for others less is enough to see. */
const seconds = { ours: 60, others: 5, quick: 1 };
const atOnce = 100;
const patienceMs = 1_000;

/** A lock that is written: a holder's field in our record, or the key of the others. */
const ourGrant = /"hset" .*"[xs] /i;
const theirGrant = /"set" /i;

/** Where a client has the masters of which one hangs. */
const place = 2;

/** One master hangs while locks are taken as fast as can be; then it wakes. */
export async function hungUnderLoad(
  clients: readonly Client[],
  { isQuick, onProgress }: Setting,
  samples: Samples,
): Promise<void> {
  for (const client of clients) {
    const isOurs = client.system.name === "quorumlock";
    const length = isQuick ? seconds.quick : isOurs ? seconds.ours : seconds.others;
    onProgress(`a hung master under load: ${client.system.name}, ${length} s`);
    await loaded(client, { length, samples, grant: isOurs ? ourGrant : theirGrant });
  }
}

async function loaded(
  client: Client,
  how: { readonly length: number; readonly samples: Samples; readonly grant: RegExp },
): Promise<void> {
  const name = "one hung, under load";
  const { length, samples, grant } = how;
  const { system } = client;
  await using masters = await ownMasters(5);
  await client.open(masters.urls, { place });
  const order = { resource: "bench:many", count: atOnce, patienceMs };
  await client.run("load", { ...order, seconds: Math.min(length, 2) }, place);
  const [first] = masters.all;
  await using onlooker = await Onlooker.on(first?.url ?? "");
  await first?.pause();
  const taken = await client.run("load", { ...order, seconds: length }, place);
  onlooker.forget();
  await first?.resume();
  const lines = await onlooker.untilQuiet();
  samples.add(name, system, {
    seconds: taken.ms / 1_000,
    pairs: taken.pairs,
    grown: taken.grownBytes / 2 ** 20,
    commands: lines.filter((line) => !line.includes(" lua] ")).length,
    stale: lines.filter((line) => grant.test(line)).length,
  });
  samples.addErrors(name, system, taken.errors);
}
