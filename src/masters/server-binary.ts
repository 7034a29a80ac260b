import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cachedServer, fetchServer } from "./debian-server.ts";

const run = promisify(execFile);

/** A `redis-server` that can be started. */
export interface ServerBinary {
  readonly path: string;
  /** What it needs beside ours: `LD_LIBRARY_PATH` for a fetched one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it comes from, in words. */
  readonly origin: string;
}

const names = ["redis-server", "valkey-server"];

/**
 * A server that is installed, was fetched by an earlier run, or can be fetched now without root;
 * `undefined` when there is none.
 *
 * @throws {Error} when `$REDIS_SERVER` names something that does not start.
 */
export async function findServer(): Promise<ServerBinary | undefined> {
  return (await installedServer()) ?? (await cachedServer()) ?? (await fetchServer());
}

async function installedServer(): Promise<ServerBinary | undefined> {
  const named = process.env["REDIS_SERVER"];
  if (named !== undefined && named !== "") {
    return {
      path: named,
      environment: {},
      origin: `${await versionOf(named)}, from $REDIS_SERVER`,
    };
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (await isExecutable(path)) {
      return { path, environment: {}, origin: `${await versionOf(path)}, installed` };
    }
  }
  return undefined;
}

async function versionOf(path: string): Promise<string> {
  try {
    const { stdout } = await run(path, ["--version"]);
    const version = /v=(\S+)/.exec(stdout)?.[1] ?? "of unknown version";
    return `${stdout.startsWith("Valkey") ? "Valkey" : "Redis"} ${version}`;
  } catch (error) {
    throw new Error(`${path} does not start as a Redis server`, { cause: error });
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
