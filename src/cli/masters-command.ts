import { startMasters } from "../masters/masters.ts";
import { interruption } from "./interruption.ts";
import { countOption, parseOptions } from "./option.ts";

/** `quorumlock masters`: real masters until Ctrl-C. */
export async function mastersCommand(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, { count: "number", persistent: "flag" });
  const range = { name: "count", least: 1, most: 99, otherwise: 5 };
  const count = countOption(options.count, range);
  const interrupted = interruption();
  await using masters = await startMasters({ count, isPersistent: options.persistent });
  for (const url of masters.urls) process.stdout.write(`${url}\n`);
  process.stderr.write(
    `${count} masters (${masters.origin}) are up. Ctrl-C ends them. In another terminal:\n` +
      `export QUORUMLOCK_REDIS=${masters.urls.join(",")}\n`,
  );
  // Masters of somebody else leave nothing open that would keep this process.
  const stay = setInterval(() => {}, 60_000);
  await interrupted;
  clearInterval(stay);
  return 0;
}
