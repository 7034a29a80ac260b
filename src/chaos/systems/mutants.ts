import { clientMutants } from "./client-mutants.ts";
import { nodeMutants } from "./node-mutants.ts";
import { ours } from "./ours.ts";
import type { System } from "./system.ts";

/** This library, broken on purpose in one way each: the harness has to notice. */
export const mutantSystems: readonly System[] = [...nodeMutants, ...clientMutants].map(
  ({ name, about, patches, scenarios, by }) => ({
    ...ours,
    ...{ name: `mutant:${name}`, about, kind: "mutant" as const },
    ...{ patches, scenarios, convictedBy: by },
  }),
);
