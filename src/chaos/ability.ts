import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { shiftedClock } from "../masters/shifted-clock.ts";
import type { Scenario } from "./scenarios/scenario.ts";

const run = promisify(execFile);

let whyNot: Promise<string | undefined> | undefined;

/** Why this machine cannot do it; undefined when it can. */
export async function inability({ clocks }: Scenario): Promise<string | undefined> {
  if (clocks.length === 0) return undefined;
  return (whyNot ??= clocksStay());
}

async function clocksStay(): Promise<string | undefined> {
  try {
    await using clock = await shiftedClock();
    clock.setWall(3_600e6);
    const env = { ...process.env, ...clock.environment };
    const { stdout } = await run(process.execPath, ["-p", "Date.now()"], { env });
    if (Number(stdout) - Date.now() > 3_000_000) return undefined;
    return "clocks cannot be moved: programs do not load what moves them here";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
