import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A program in PATH or in one of these folders; `undefined` when it is in none. */
export async function findProgram(
  name: string,
  folders: readonly string[] = [],
): Promise<string | undefined> {
  const everywhere = [...(process.env["PATH"] ?? "").split(delimiter), ...folders];
  for (const path of everywhere.map((folder) => join(folder, name))) {
    const isThere = access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (await isThere) return path;
  }
  return undefined;
}

/** The folders in a folder, the highest number first; none if it is not there. */
export async function versionsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.toSorted((a, b) => Number(b) - Number(a)).map((name) => join(folder, name));
}

/** What a program says of its version. */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await run(program, ["--version"]);
  return stdout.trim();
}
