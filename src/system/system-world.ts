import { hostname } from "node:os";
import type { World } from "../core/world.ts";
import { systemClock } from "./system-clock.ts";
import { systemRandom } from "./system-random.ts";

/** What the time of day is, in milliseconds since 1970, when the clock shows this. */
export function timeOfDay(reading: number): number {
  return reading + (Date.now() - systemWorld.clock.now());
}

/** The real world. One for the whole process, so that all its locks share one clock. */
export const systemWorld: World = {
  clock: systemClock(),
  random: systemRandom(),
  process: { host: hostname(), pid: process.pid },
};
