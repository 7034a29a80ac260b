import type { Contract } from "./contract.ts";
import { oneHolder } from "./node/one-holder.ts";
import { sharedHolders } from "./node/shared.ts";
import { severalResources } from "./node/several.ts";
import { taking } from "./node/taking.ts";
import { lateMessages } from "./node/late.ts";
import type { NodeFixture } from "./node/kit.ts";

export type { NodeFixture };

/** What every node must do, whatever it is made of. */
export const nodeContract: Contract<NodeFixture> = [
  ...oneHolder,
  ...sharedHolders,
  ...severalResources,
  ...taking,
  ...lateMessages,
];
