import type { Contract, ContractCase } from "./contract.ts";
import { ballots } from "./node/ballots.ts";
import { healing } from "./node/healing.ts";
import { oneHolder } from "./node/one-holder.ts";
import { sharedHolders } from "./node/shared.ts";
import { severalResources } from "./node/several.ts";
import { taking } from "./node/taking.ts";
import { lateMessages } from "./node/late.ts";
import { subjectOf, type NodeFixture } from "./node/kit.ts";

export type { NodeFixture };

/** What every node must do, whatever it is made of. */
export const nodeContract: Contract<NodeFixture> = [
  ...oneHolder,
  ...sharedHolders,
  ...severalResources,
  ...taking,
  ...lateMessages,
  ...ballots,
  ...healing,
].map(({ name, check }): ContractCase<NodeFixture> => ({
  name,
  check: (fixture) => check(subjectOf(fixture)),
}));
