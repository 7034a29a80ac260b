import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Removes the folder when standard input ends; servers that are just ending may still write to it. */
const janitorScript = `
while read -r line; do :; done
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$1" && [ ! -e "$1" ] && exit 0
  sleep 0.1
done
`;

export interface TemporaryFolder {
  readonly path: string;
  /** Removes it; resolves when it is gone. */
  remove(): Promise<void>;
}

/** A folder that goes with this process, however that ends: another process watches. */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const janitor = spawn("/bin/sh", ["-c", janitorScript, "sh", path], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const gone = once(janitor, "exit");
  // It waits for us, and we do not wait for it.
  janitor.unref();
  return {
    path,
    remove: async () => {
      janitor.ref();
      janitor.stdin.end();
      await gone;
    },
  };
}
