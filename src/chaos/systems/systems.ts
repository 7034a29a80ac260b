import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mutantSystems } from "./mutants.ts";
import { oneAuthoritySystems, ownSystems, plainSystem } from "./ours.ts";
import { peerSystems } from "./peers.ts";
import { recipeSystems } from "./recipes.ts";
import type { System } from "./system.ts";

/** All there are. */
export const systems: readonly System[] = [
  ...ownSystems,
  ...oneAuthoritySystems,
  plainSystem,
  ...peerSystems,
  ...mutantSystems,
  ...recipeSystems,
];

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * The file from whose folder the packages of peers are looked for: in the folder that `$QUORUMLOCK_PEERS`
 * names, in the bench of a clone, or where the command was called.
 */
export function peersFile(): string {
  const named = process.env["QUORUMLOCK_PEERS"];
  const folders = [...(named === undefined ? [] : [named]), join(root, "bench"), process.cwd()];
  const [first = process.cwd()] = folders;
  const found = folders.find((folder) => isInstalled("redlock", join(folder, "package.json")));
  return join(found ?? first, "package.json");
}

function isInstalled(name: string, from: string): boolean {
  try {
    createRequire(from).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws {Error} that says how to install it, for a peer that is not there. */
export function versionOf(system: System, peers: string): string {
  if (system.kind === "plain")
    return `of quorumlock ${manifestVersion(join(root, "package.json"))}`;
  const { package: name } = system;
  if (name === undefined) return manifestVersion(join(root, "package.json"));
  for (const folder of createRequire(peers).resolve.paths(name) ?? []) {
    try {
      return manifestVersion(join(folder, name, "package.json"));
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(
    `${name} is not installed. In a clone: npm ci --prefix bench. Elsewhere: install it where the ` +
      `command is called, or name the folder with it in $QUORUMLOCK_PEERS (looked in ${dirname(peers)})`,
  );
}

function manifestVersion(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
