import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "../../masters/temporary-folder.ts";

/** One place of the library as it is built, and what stands there instead. */
export interface Patch {
  /** From the folder of the build. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Build extends AsyncDisposable {
  /** The URL of its folder, which ends with a slash. */
  readonly url: string;
}

/** The build that this file is part of. */
const own = new URL("../../", import.meta.url);

/** The URL of its folder. */
export const ownBuild: string = own.href;

/**
 * The library as it is, or a copy of it that is broken in some places.
 *
 * @throws {Error} when a place is not there, or more than once.
 */
export async function patchedBuild(patches: readonly Patch[] = []): Promise<Build> {
  if (patches.length === 0) return { url: ownBuild, [Symbol.asyncDispose]: async () => {} };
  const folder = await temporaryFolder("quorumlock-mutant-");
  const dispose = (): Promise<void> => folder.remove();
  try {
    const build = join(folder.path, "dist");
    await cp(fileURLToPath(own), build, { recursive: true });
    await writeFile(join(folder.path, "package.json"), '{"type":"module"}');
    await symlink(packagesFolder(), join(folder.path, "node_modules"));
    for (const patch of patches) await apply(patch, build);
    return { url: `${pathToFileURL(build).href}/`, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function apply({ file, find, replace }: Patch, build: string): Promise<void> {
  const path = join(build, file);
  const text = await readFile(path, "utf8");
  if (text.split(find).length !== 2) {
    throw new Error(`${file} has not exactly one place that reads: ${find}`);
  }
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
}

/** Where the packages are installed that the library needs. */
function packagesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve("ioredis/package.json");
  return dirname(dirname(manifest));
}
