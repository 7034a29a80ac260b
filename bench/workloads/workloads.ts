import type { Workload } from "../workload.ts";
import { compare } from "./compare.ts";
import { contended } from "./contended.ts";
import { faults } from "./faults.ts";
import { held } from "./held.ts";
import { network } from "./network.ts";
import { recovery } from "./recovery.ts";
import { scale } from "./scale.ts";
import { throughput } from "./throughput.ts";
import { uncontended } from "./uncontended.ts";

/** In the order in which they run, and stand in the report. */
export const workloads: readonly Workload[] = [
  ...[uncontended, throughput, contended, faults, held],
  ...[recovery, network, scale, compare],
];
