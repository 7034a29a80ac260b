import type { Contract } from "./contract.ts";
import type { LockFixture } from "./lock/kit.ts";
import { webArguments } from "./web/arguments.ts";
import { webGranting } from "./web/granting.ts";
import { webIfAvailable } from "./web/if-available.ts";
import { webQuerying } from "./web/querying.ts";
import { webResults } from "./web/results.ts";
import { webSignals } from "./web/signals.ts";
import { webStealing } from "./web/stealing.ts";

/** `request` and `query`, sentence by sentence of https://w3c.github.io/web-locks/ */
export const webLocksContract: Contract<LockFixture> = [
  ...webArguments,
  ...webGranting,
  ...webIfAvailable,
  ...webResults,
  ...webSignals,
  ...webStealing,
  ...webQuerying,
];
