import { contend, waitFor } from "./contending.ts";
import { crash } from "./crashing.ts";
import { hold, watchHeld } from "./holding.ts";
import { alone, atOnce, during, load } from "./taking.ts";
import { roundTrips } from "./round-trips.ts";

/** What a client can be told to do with the system that it has opened. */
export const jobs = {
  alone,
  atOnce,
  during,
  load,
  contend,
  crash,
  waitFor,
  hold,
  watchHeld,
  roundTrips,
};

export type Jobs = typeof jobs;
export type JobName = keyof Jobs;
