import type { RecipeName } from "../adapters/recipe.ts";
import { authorityNames, databases, type Authority } from "../authority.ts";
import type { Property } from "../verdict.ts";
import type { System } from "./system.ts";

interface Naive {
  readonly recipe: RecipeName;
  readonly authorities: readonly Authority[];
  readonly about: string;
  readonly scenario: string;
  readonly convictedBy: Property;
}

const recipes: readonly Naive[] = [
  {
    recipe: "setnx",
    authorities: ["redis"],
    about: "SETNX without a ttl: whoever dies keeps the others out for ever",
    ...{ scenario: "dead-holder", convictedBy: "liveness" },
  },
  {
    recipe: "del",
    authorities: ["redis"],
    about: "DEL without a look at whose it is: who comes late releases the lock of somebody else",
    ...{ scenario: "late-release", convictedBy: "exclusion" },
  },
  {
    recipe: "select-insert",
    authorities: databases,
    about: "SELECT … FOR UPDATE, then INSERT, outside of a transaction: two get in",
    ...{ scenario: "frozen-between", convictedBy: "exclusion" },
  },
  {
    recipe: "delete-by-name",
    authorities: databases,
    about: "DELETE by the name alone: who comes late releases the lock of somebody else",
    ...{ scenario: "late-release", convictedBy: "exclusion" },
  },
  {
    recipe: "znode",
    authorities: ["zookeeper"],
    about:
      "exists, then create of an ephemeral znode: whose session is over does not know it, and goes on",
    ...{ scenario: "cut-off-holder", convictedBy: "exclusion" },
  },
  {
    recipe: "persistent-znode",
    authorities: ["zookeeper"],
    about: "exists, then create of a persistent znode: whoever dies keeps the others out for ever",
    ...{ scenario: "dead-holder", convictedBy: "liveness" },
  },
];

/** Locks as tutorials give them: each has to be convicted. */
export const recipeSystems: readonly System[] = recipes.flatMap(
  ({ recipe, authorities, about, scenario, convictedBy }) =>
    authorities.map((authority): System => {
      const suffix = authorities.length > 1 ? `:${authority}` : "";
      return {
        ...{ name: `naive:${recipe}${suffix}`, about: `${authorityNames[authority]}: ${about}.` },
        ...{ kind: "recipe", adapter: "recipe", authority, column: "plain", hasTokens: false },
        ...{ modes: ["exclusive"], takesSeveral: false, scenarios: [scenario], convictedBy },
        nodeCount: authority === "zookeeper" ? 3 : 1,
        settings: () => ({ recipe }),
      };
    }),
);
