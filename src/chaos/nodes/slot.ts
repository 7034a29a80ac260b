import type { Mode } from "../../index.ts";

/** Who stands in the record of a resource on a node: a field of it (docs/ALGORITHM.md has its format). */
export interface Slot {
  readonly owner: string;
  readonly mode: Mode;
  readonly fencingToken: number;
  /** Until when it counts, by the node's clock, in milliseconds since 1970. */
  readonly untilMs: number;
  /** All that it says: another one whenever the slot is granted anew. */
  readonly text: string;
}

/** Under a field in capitals it stands while somebody waits. */
const holder = /^([xs]) (\S+)$/i;
const terms = /^(\d+) (\d+) (\d+) /;

/** The holders among the fields of a record. */
export function slotsIn(fields: Readonly<Record<string, string>>): Slot[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const [, kind, owner = ""] = holder.exec(field) ?? [];
    const [, time, ttl, token] = terms.exec(value) ?? [];
    if (kind === undefined || token === undefined) return [];
    const untilMs = Number(time) + Number(ttl);
    const mode = kind.toLowerCase() === "x" ? ("exclusive" as const) : ("shared" as const);
    return [
      { owner, mode, fencingToken: Number(token), untilMs, text: `${mode} ${owner} ${value}` },
    ];
  });
}
