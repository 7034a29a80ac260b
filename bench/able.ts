import type { LeftOut } from "./result.ts";
import type { Ability, System } from "./system.ts";

/** Those that can do it, and who is left out, with the reason. */
export function able(
  systems: readonly System[],
  ability: Ability,
): { readonly can: readonly System[]; readonly leftOut: readonly LeftOut[] } {
  return {
    can: systems.filter(({ cannot }) => cannot?.[ability] === undefined),
    leftOut: systems.flatMap(({ name, cannot }) => {
      const why = cannot?.[ability];
      return why === undefined ? [] : [{ system: name, why }];
    }),
  };
}
