import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import { findZooKeeper } from "../masters/ensemble.ts";
import { findMariadb } from "../masters/mariadb-server.ts";
import { findPostgres } from "../masters/postgres-server.ts";
import { shiftedClock } from "../masters/shifted-clock.ts";
import { authorityNames, type OneAuthority } from "./authority.ts";
import { NetworkSpace } from "./network/network-space.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { System } from "./systems/system.ts";

const run = promisify(execFile);

/** For a connection within the machine, and the start of a process. */
const patienceMs = 2_000;

let whyNot: Promise<string | undefined> | undefined;

const finding: Readonly<Record<OneAuthority, () => Promise<unknown>>> = {
  postgres: findPostgres,
  mariadb: findMariadb,
  zookeeper: findZooKeeper,
};

/** Why this machine cannot do it; undefined when it can. */
export async function inability(
  { clocks }: Scenario,
  { authority }: System,
): Promise<string | undefined> {
  if (authority !== "redis" && (await finding[authority]()) === undefined) {
    return `${authorityNames[authority]} is not installed here`;
  }
  if (clocks.length === 0) return undefined;
  return (whyNot ??= clocksStay());
}

async function clocksStay(): Promise<string | undefined> {
  try {
    await using clock = await shiftedClock();
    clock.setWall(3_600e6);
    const env = { ...process.env, ...clock.environment };
    const { stdout } = await run(process.execPath, ["-p", "Date.now()"], { env });
    if (Number(stdout) - Date.now() > 3_000_000) return undefined;
    return "clocks cannot be moved: programs do not load what moves them here";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

let whyNoSpaces: Promise<string | undefined> | undefined;

/**
 * Why this machine gives clients no networks of their own; undefined when it does. That takes Linux, root,
 * `unshare` and `nsenter` of util-linux, `ip` of iproute2, and iptables.
 */
export async function noSpaces(): Promise<string | undefined> {
  return (whyNoSpaces ??= spacesWork());
}

/** Packets have to get through first, and then to be lost. */
async function spacesWork(): Promise<string | undefined> {
  let space: NetworkSpace | undefined;
  const server = createServer((socket) => void socket.on("error", () => {}).destroy());
  try {
    space = await NetworkSpace.open();
    server.listen(0, space.host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const isReached = await reaches(space, port);
    await space.swallow("requests", port);
    if (isReached && !(await reaches(space, port))) return undefined;
    return `no network namespace: packets ${isReached ? "are not lost" : "do not get"} there`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    server.close();
    await space?.close();
  }
}

async function reaches({ command, host }: NetworkSpace, port: number): Promise<boolean> {
  const [program, ...before] = command;
  const connect =
    `require("net").connect(${port}, "${host}")` +
    `.on("close", (failed) => process.exit(failed ? 1 : 0))`;
  const args = [...before, process.execPath, "-e", connect];
  return run(program, args, { timeout: patienceMs }).then(
    () => true,
    () => false,
  );
}
