import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ServerBinary } from "./server-binary.ts";

const run = promisify(execFile);

/** The packages that hold the server, whatever the release calls its libraries. */
const packages = ["redis-server", "redis-tools"];

/** The copy that an earlier run fetched. */
export async function cachedServer(): Promise<ServerBinary | undefined> {
  const folder = await cacheFolder();
  return folder === undefined ? undefined : serverIn(join(folder, "redis"));
}

/**
 * Downloads Debian's or Ubuntu's packages and unpacks them into the cache: no root is needed and
 * nothing is installed. `undefined` where there is no apt.
 */
export async function fetchServer(): Promise<ServerBinary | undefined> {
  const folder = await cacheFolder();
  if (folder === undefined || !(await hasApt())) return undefined;
  process.stderr.write("No redis-server here: fetching a copy from the distribution (once) …\n");
  const workshop = await mkdtemp(join(folder, "fetching-"));
  try {
    await unpackInto(workshop);
    const place = join(folder, "redis");
    if ((await serverIn(place)) === undefined) await rm(place, { recursive: true, force: true });
    // Another process may have been faster; its copy is as good.
    await rename(join(workshop, "root"), place).catch(() => {});
    return await serverIn(place);
  } catch (error) {
    process.stderr.write(`That did not work: ${String(error)}\n`);
    return undefined;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function unpackInto(workshop: string): Promise<void> {
  const options = await aptOptions(workshop);
  const debs = join(workshop, "debs");
  const root = join(workshop, "root");
  await mkdir(debs);
  await mkdir(root);
  const missing = await missingPackages(options);
  await run("apt-get", [...options, "download", ...missing], { cwd: debs });
  for (const deb of await readdir(debs)) await run("dpkg-deb", ["-x", join(debs, deb), root]);
}

/** The machine's own package lists if they know the server, else lists of our own. */
async function aptOptions(workshop: string): Promise<string[]> {
  const isKnown = run("apt-get", ["download", "--print-uris", ...packages]).then(
    () => true,
    () => false,
  );
  if (await isKnown) return [];
  const state = join(workshop, "state");
  const cache = join(workshop, "cache");
  await mkdir(join(state, "lists", "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  const options = [
    ...["-o", `Dir::State=${state}`, "-o", `Dir::Cache=${cache}`],
    ...["-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "APT::Sandbox::User="],
  ];
  await run("apt-get", [...options, "update"]);
  return options;
}

/** The server's packages and, of all that they depend on, what this machine does not have. */
async function missingPackages(options: readonly string[]): Promise<string[]> {
  const kinds = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"];
  const only = kinds.map((kind) => `--no-${kind}`);
  const { stdout: tree } = await run("apt-cache", [
    ...options,
    "depends",
    "--recurse",
    ...only,
    ...packages,
  ]);
  const all = new Set(tree.split("\n").filter((line) => /^[a-z0-9]/.test(line)));
  const { stdout: installed } = await run("dpkg-query", ["-W", "-f", "${Package} ${Status}\n"]);
  const present = new Set(
    installed
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  const isMissing = (name: string): boolean => !present.has(name.replace(/:.*/, ""));
  return [...all].filter((name) => packages.includes(name) || isMissing(name));
}

async function hasApt(): Promise<boolean> {
  const checks = ["apt-get", "apt-cache", "dpkg-deb", "dpkg-query"].map((command) =>
    run(command, ["--version"]),
  );
  return Promise.all(checks).then(
    () => true,
    () => false,
  );
}

async function serverIn(root: string): Promise<ServerBinary | undefined> {
  const path = join(root, "usr", "bin", "redis-server");
  const libraries = [
    ...(await librariesIn(join(root, "usr", "lib"))),
    ...(await librariesIn(join(root, "lib"))),
  ];
  const environment = { LD_LIBRARY_PATH: libraries.join(":") };
  try {
    const { stdout } = await run(path, ["--version"], { env: { ...process.env, ...environment } });
    const version = /v=(\S+)/.exec(stdout)?.[1] ?? "of unknown version";
    return { path, environment, origin: `Redis ${version}, a copy in ${root}` };
  } catch {
    return undefined;
  }
}

/** The folders for this machine's kind of processor, such as `x86_64-linux-gnu`. */
async function librariesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.includes("-linux-gnu")).map((name) => join(folder, name));
}

/** A folder that nobody else can write to: what lies in it is going to be executed. */
async function cacheFolder(): Promise<string | undefined> {
  const home = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const user = process.getuid?.() ?? 0;
  for (const folder of [join(home, "quorumlock"), join(tmpdir(), `quorumlock-cache-${user}`)]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await stat(folder)).uid !== user) continue;
      await chmod(folder, 0o700);
      return folder;
    } catch {
      // Not writable for us: the next one.
    }
  }
  return undefined;
}
