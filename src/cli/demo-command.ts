import { startMasters } from "../masters/masters.ts";
import { Demo } from "./demo/demo.ts";
import { judge } from "./demo/verdict.ts";
import { viewFor } from "./demo/view.ts";
import { interruption } from "./interruption.ts";
import { countOption, parseOptions } from "./option.ts";

const masterCount = 5;
/** What a shell reports for a command that Ctrl-C ended. */
const interruptedExitCode = 130;

/** `quorumlock demo`: exit code 0 only if the verdict is good. */
export async function demoCommand(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { workers: "number", seconds: "number" });
  const workers = { name: "workers", least: 1, most: 64, otherwise: 8 };
  const seconds = { name: "seconds", least: 4, most: 600, otherwise: 10 };
  const workerCount = countOption(options.workers, workers);
  const totalMs = 1_000 * countOption(options.seconds, seconds);
  const controller = new AbortController();
  void interruption().then((signal) => controller.abort(new Error(`ended by ${signal}`)));

  // Without a memory: those that come back know nothing, and wait until they may vote.
  await using masters = await startMasters({ count: masterCount });
  const mayKill = masters.all.every((master) => master.isOurs);
  const view = viewFor(process.stdout);
  view.event(
    `${workerCount} workers, each a process, fight for one lock on ${masterCount} Redis masters ` +
      `(${masters.origin})${mayKill ? "" : "; they are not ours, so none is killed"}`,
  );
  const { signal } = controller;
  const demo = new Demo({ masters, workerCount, totalMs, mayKill, view, signal });
  try {
    const verdict = judge(await demo.run());
    view.verdict(verdict);
    return verdict.isGood ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    view.event("ended early: no verdict");
    return interruptedExitCode;
  }
}
