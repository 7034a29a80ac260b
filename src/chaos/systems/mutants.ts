import { authorityMutants } from "./authority-mutants.ts";
import { clientMutants } from "./client-mutants.ts";
import { nodeMutants } from "./node-mutants.ts";
import { oneAuthoritySystems, ours } from "./ours.ts";
import type { System } from "./system.ts";

const mutants = [...nodeMutants, ...clientMutants, ...authorityMutants];

/** This library, broken on purpose in one way each: the harness has to notice. */
export const mutantSystems: readonly System[] = mutants.map(
  ({ name, about, patches, scenarios, by, authority }) => ({
    ...(oneAuthoritySystems.find((each) => each.authority === authority) ?? ours),
    ...{ name: `mutant:${name}`, about, kind: "mutant" as const },
    ...{ patches, scenarios, convictedBy: by },
  }),
);
