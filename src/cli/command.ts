import { readFile } from "node:fs/promises";
import { mastersCommand } from "./masters-command.ts";
import { UsageError } from "./option.ts";

/** `EX_USAGE` of sysexits.h: the command was called in a wrong way. */
const usageExitCode = 64;

const help = `quorumlock: a lock across machines, held by a quorum of Redis masters

Usage: quorumlock COMMAND [OPTION…]

Commands
  demo      Workers in processes of their own fight for one lock on five real Redis
            masters, while two of them die and come back. Exit code 0 if nothing
            went wrong.
              --workers N    how many processes (1 to 64, default 8)
              --seconds N    for how long (4 to 600, default 10)
  chaos     Starts real masters and clients, hurts them, and judges what was seen: this
            library and others. Exit code 0 if all that must hold held and all that
            was expected to break broke; 1 if not; 2 if that cannot be said.
              --scenario NAME    also several, by commas or one by one, or all
                                 (default mix)
              --system NAME      the same; also ours, peers, mutants, recipes, all
                                 (default quorumlock)
              --seed S           what is drawn at random (default 1)
              --nodes N --clients K --duration 20s --ttl-ms T
                                 instead of what the scenario has
              --out DIR          keeps all that was observed, one file a run
              --json             prints the verdicts as JSON
              --print-schedule   prints what would be done, step by step, as JSON
              --schedule FILE    does that instead
  chaos list  The scenarios, with what must hold, and the systems.
  masters   Starts real Redis masters on free ports, prints their URLs, and keeps them
            up until Ctrl-C.
              --count N      how many (1 to 99, default 5)
              --persistent   they keep their data when they are killed and restarted
  help      This text.
  version   The version of the package.

Where the masters come from, in this order: $QUORUMLOCK_REDIS (URLs of running ones),
$REDIS_SERVER or redis-server or valkey-server in PATH, a copy fetched from the
packages of Debian or Ubuntu (no root needed), Docker.
`;

/** Runs one command; resolves to the exit code. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = argv.some(asksForHelp) ? [] : argv;
  try {
    switch (name) {
      case "demo": {
        // Only this one needs ioredis, which a user of the library has and others may not.
        const { demoCommand } = await import("./demo-command.ts");
        return await demoCommand(rest);
      }
      case "chaos": {
        const { chaosCommand } = await import("./chaos-command.ts");
        return await chaosCommand(rest);
      }
      case "masters":
        return await mastersCommand(rest);
      case "help":
        process.stdout.write(help);
        return 0;
      case "version":
      case "--version":
        process.stdout.write(`${await version()}\n`);
        return 0;
      default:
        throw new UsageError(`there is no command ${JSON.stringify(name)}`);
    }
  } catch (error) {
    return explain(error);
  }
}

function asksForHelp(argument: string): boolean {
  return argument === "--help" || argument === "-h";
}

function explain(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UsageError)) {
    process.stderr.write(`quorumlock: ${message}\n`);
    return 1;
  }
  process.stderr.write(`quorumlock: ${message}\nTry: quorumlock help\n`);
  return usageExitCode;
}

async function version(): Promise<string> {
  const file = new URL("../../package.json", import.meta.url);
  const { version: number } = JSON.parse(await readFile(file, "utf8")) as { version: string };
  return number;
}
