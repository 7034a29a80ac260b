import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** One line of the production code, and what stands there instead. */
export interface Patch {
  /** From `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Source extends AsyncDisposable {
  readonly path: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A build of the production code itself, or of a copy of it that differs in one place. */
export async function patchedSource(patch?: Patch): Promise<Source> {
  if (patch === undefined)
    return { path: join(root, "dist"), [Symbol.asyncDispose]: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "quorumlock-mutant-"));
  await cp(join(root, "src"), join(folder, "src"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  await cp(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "src", patch.file);
  const text = await readFile(file, "utf8");
  if (text.split(patch.find).length !== 2) {
    throw new Error(`${patch.file} has not exactly one place that reads: ${patch.find}`);
  }
  await writeFile(
    file,
    text.replace(patch.find, () => patch.replace),
  );
  await build(folder);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return { path: join(folder, "dist"), [Symbol.asyncDispose]: remove };
}

/** A broken copy may leave something unused; that is no matter. */
async function build(folder: string): Promise<void> {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const lenient = ["--noUnusedLocals", "false", "--noUnusedParameters", "false"];
  await run(process.execPath, [compiler, "-p", folder, ...lenient]);
}
