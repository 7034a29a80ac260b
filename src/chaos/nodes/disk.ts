import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";

/** What was on the disk of a node at some instant, and how to put it back. */
export interface Memory {
  /** Cuts the append-only file to what it was. Only while the node is down. */
  readonly cutTail: () => Promise<void>;
  /** Puts the snapshot back. Only while the node is down. */
  readonly putBack: () => Promise<void>;
}

/** Notes what is on its disk now: how long its append-only file is, and a snapshot. */
export async function remembered(admin: Redis): Promise<Memory> {
  const [, folder = ""] = (await admin.config("GET", "dir")) as string[];
  await admin.save();
  const dump = join(folder, "dump.rdb");
  const old = await readFile(dump);
  const appended = await appendOnlyFile(join(folder, "appendonlydir"));
  const size = appended === undefined ? 0 : (await stat(appended)).size;
  return {
    cutTail: async () => {
      if (appended === undefined) throw new Error("this node has no append-only file to be cut");
      await truncate(appended, size);
    },
    putBack: () => writeFile(dump, old),
  };
}

async function appendOnlyFile(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((each) => each.endsWith(".incr.aof"));
  return name === undefined ? undefined : join(folder, name);
}
