import { authorityNames } from "../../chaos/authority.ts";
import { scenarios } from "../../chaos/scenarios/scenarios.ts";
import type { Expectations } from "../../chaos/scenarios/scenario.ts";
import { systems } from "../../chaos/systems/systems.ts";

/** What `quorumlock chaos list` says: what each scenario does, what must hold, and what there is to judge. */
export function catalogue(): string {
  const rows = scenarios.map(({ name, row, about, authorities, expectations }) => {
    const { plain, default: ours, strict } = expectations;
    const isOfMasters = authorities.includes("redis");
    const columns: readonly [string, Expectations][] = isOfMasters
      ? [
          ["plain Redlock", plain],
          ["quorumlock", ours],
          ["strictClock", strict],
        ]
      : [["quorumlock", ours]];
    const those = authorities.map((authority) => authorityNames[authority]).join(", ");
    const said = columns.map(([column, each]) => `       ${column.padEnd(14)} ${words(each)}`);
    return `  ${String(row).padStart(2)}  ${name}\n      ${about}\n       on ${those}\n${said.join("\n")}`;
  });
  const known = systems.map(({ name, about }) => `  ${name.padEnd(32)} ${about}`);
  return `Scenarios (row of the matrix, name; what must hold, what must be seen to break)\n${rows.join(
    "\n",
  )}\n\nSystems (also: all, ours, peers, mutants, recipes)\n${known.join("\n")}\n`;
}

function words(expectations: Expectations): string {
  const those = (wanted: string): string[] =>
    Object.entries(expectations)
      .filter(([, expected]) => expected === wanted)
      .map(([property]) => property);
  const [holds, breaks] = [those("holds"), those("breaks")];
  return [
    ...(holds.length === 0 ? [] : [`holds: ${holds.join(", ")}`]),
    ...(breaks.length === 0 ? [] : [`BREAKS: ${breaks.join(", ")}`]),
  ].join("; ");
}
