/**
 * `npm run bench [-- WORKLOAD…] [--quick] [--json FILE]`: speed, beside other libraries, on five real
 * masters of this machine. Figures of different runs do not compare; the ratios within one do.
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startMasters } from "../src/masters/masters.ts";
import { quorumlock } from "./systems/quorumlock.ts";
import { rawIoredis } from "./systems/raw-ioredis.ts";
import { redisSemaphore } from "./systems/redis-semaphore.ts";
import { redlockUniversal } from "./systems/redlock-universal.ts";
import { redlock, sesamecare } from "./systems/redlock.ts";
import { uncontended } from "./workloads/uncontended.ts";

/** The first one is what the others are compared with. */
const systems = [rawIoredis, quorumlock, redlock, sesamecare, redisSemaphore, redlockUniversal];
const workloads = [uncontended];

const { values, positionals } = parsed();

const names = positionals.length === 0 ? workloads.map(({ name }) => name) : positionals;
const unknown = names.filter((name) => !workloads.some((workload) => workload.name === name));
if (unknown.length > 0) refuse(`there is no workload ${unknown.join(", ")}`);

const cpu = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`;
const results: Record<string, unknown> = {};
await using masters = await startMasters({ count: 5 });
process.stdout.write(`Node ${process.version}, ${masters.origin}, ${cpu}\n`);
for (const workload of workloads.filter(({ name }) => names.includes(name))) {
  process.stdout.write(`\n${workload.name}: ${workload.about}\n`);
  const isQuick = values.quick;
  const result = await workload.run({ masters, systems, isQuick, onProgress: progress });
  progress("");
  results[workload.name] = result;
  process.stdout.write(workload.print(result));
  const failed = result.filter(({ errors }) => errors.length > 0);
  if (failed.length > 0) process.exitCode = 1;
}
if (values.json !== undefined) {
  const machine = { node: process.version, masters: masters.origin, cpu };
  await writeFile(values.json, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}

function parsed(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
  });
}

function refuse(why: string): never {
  const known = workloads.map(({ name, about }) => `  ${name}: ${about}`).join("\n");
  const usage = "npm run bench -- [WORKLOAD…] [--quick] [--json FILE]";
  process.stderr.write(`bench: ${why}\nUsage: ${usage}\nWorkloads:\n${known}\n`);
  process.exit(64);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
