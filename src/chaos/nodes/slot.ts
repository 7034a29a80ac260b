import type { Mode } from "../../index.ts";

/** Who stands in the record of a resource on a node: a line of it (docs/ALGORITHM.md has its format). */
export interface Slot {
  readonly owner: string;
  readonly mode: Mode;
  readonly fencingToken: number;
  /** Until when it counts, by the node's clock, in milliseconds since 1970. */
  readonly untilMs: number;
  /** The line: it changes whenever the slot is granted anew. */
  readonly line: string;
}

const holder = /^([xs]) (\S+) (\d+) (\d+) (\d+) /;

/** The holders in a record; none in what is no record. */
export function slotsIn(record: string): Slot[] {
  if (!record.startsWith("quorumlock 1 ")) return [];
  return record.split("\n").flatMap((line) => {
    const [, kind, owner = "", time, ttl, token] = holder.exec(line) ?? [];
    if (kind === undefined) return [];
    const untilMs = Number(time) + Number(ttl);
    const mode = kind === "x" ? ("exclusive" as const) : ("shared" as const);
    return [{ owner, mode, fencingToken: Number(token), untilMs, line }];
  });
}
