import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Sends `SIGSTOP`, and resolves when every thread has stopped. One of them has to run once more for all to
 * stop: on a busy machine the others go on meanwhile, long enough to answer.
 */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  while (!(await isStopped(pid))) await pause(1);
}

/** Whether it is, or is gone, by what Linux tells of its threads (proc(5)); elsewhere it is believed. */
async function isStopped(pid: number): Promise<boolean> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  const states = threads.map(async (thread) => {
    const stat = await readFile(`${folder}/${thread}/stat`, "latin1").catch(() => "");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "T";
  });
  return (await Promise.all(states)).every((state) => "TtZX".includes(state));
}
