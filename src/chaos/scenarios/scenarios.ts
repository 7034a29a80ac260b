import { authorityRows } from "./authority-rows.ts";
import { clientRows } from "./client-rows.ts";
import { clockRows } from "./clock-rows.ts";
import { forgetting } from "./forgetting.ts";
import { lateRows } from "./late-rows.ts";
import { mixes } from "./mixes.ts";
import { networkRows } from "./network-rows.ts";
import { nodeRows } from "./node-rows.ts";
import { partitionRows } from "./partition-rows.ts";
import type { Scenario } from "./scenario.ts";

/** All there are, row by row of the matrix. */
export const scenarios: readonly Scenario[] = [
  ...networkRows,
  ...lateRows,
  ...partitionRows,
  ...clientRows,
  ...clockRows,
  ...forgetting,
  ...nodeRows,
  ...mixes,
  ...authorityRows,
].toSorted((a, b) => a.row - b.row);
