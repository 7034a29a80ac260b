import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import { promisify } from "node:util";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

const run = promisify(execFile);

/** Whom a database server is run as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A program and its arguments, for what it fills. */
export type Prepare = (folder: string) => readonly [string, ...string[]];

const templates = new Map<string, Promise<TemporaryFolder>>();

/** A folder that has what this fills it with. That takes seconds: it is done once, and copied then. */
export async function preparedFolder(
  prepare: Prepare,
  user: User | undefined,
): Promise<TemporaryFolder> {
  const key = prepare("").join("\n");
  const making = templates.get(key) ?? filled((folder) => prepare(folder.path), user);
  templates.set(key, making);
  making.catch(() => templates.delete(key));
  const template = await making;
  return filled(({ path }) => ["cp", "-a", `${template.path}/.`, path], user);
}

async function filled(
  command: (folder: TemporaryFolder) => readonly [string, ...string[]],
  user: User | undefined,
): Promise<TemporaryFolder> {
  const folder = await temporaryFolder("quorumlock-database-");
  try {
    if (user !== undefined) await chown(folder.path, user.uid, user.gid);
    const [program, ...args] = command(folder);
    await run(program, args, { cwd: folder.path, ...user });
    return folder;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
