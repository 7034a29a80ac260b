import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";

interface Memory {
  readonly dump: string;
  readonly snapshot: Uint8Array;
  /** The append-only file and how long it was, where there is one. */
  readonly appended: { readonly path: string; readonly size: number } | undefined;
}

/** What was on the disk of a node at some instant, and how to put it back. */
export class Disk {
  #memory: Memory | undefined;

  /** Notes what is there now: how long the append-only file is, and a snapshot. */
  async remember(admin: Redis): Promise<void> {
    const [, folder = ""] = await admin.config("GET", "dir");
    await admin.save();
    const dump = join(folder, "dump.rdb");
    const snapshot = await readFile(dump);
    const path = await appendOnlyFile(join(folder, "appendonlydir"));
    const appended = path === undefined ? undefined : { path, size: (await stat(path)).size };
    this.#memory = { dump, snapshot, appended };
  }

  /** Cuts the append-only file to what it was. Only while the node is down. */
  async cutTail(): Promise<void> {
    const { appended } = this.#remembered();
    if (appended === undefined) throw new Error("this node has no append-only file to be cut");
    await truncate(appended.path, appended.size);
  }

  /** Puts the snapshot back. Only while the node is down. */
  async putBack(): Promise<void> {
    const { dump, snapshot } = this.#remembered();
    await writeFile(dump, snapshot);
  }

  #remembered(): Memory {
    if (this.#memory === undefined) throw new Error("nothing of this node has been remembered");
    return this.#memory;
  }
}

async function appendOnlyFile(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((each) => each.endsWith(".incr.aof"));
  return name === undefined ? undefined : join(folder, name);
}
