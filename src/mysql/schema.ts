import type { QuotedNames } from "./names.ts";
import { acquire } from "./statement/acquire.ts";
import { extend, forceRelease, release } from "./statement/hold.ts";
import { inspect } from "./statement/inspect.ts";
import { clock, entryTable, lockRows, nextName, resourceTable } from "./statement/table.ts";

const parts = [
  resourceTable,
  entryTable,
  lockRows,
  acquire,
  extend,
  release,
  forceRelease,
  inspect,
];

/** The statements that make the tables and the procedures, one after the other. */
export function schemaTexts(names: QuotedNames): string[] {
  return parts.map((part) => filled(part, names));
}

function filled(text: string, names: QuotedNames): string {
  const places: Readonly<Record<string, string>> = { ...names, clock, nextName: nextName.trim() };
  return text.trim().replace(/\{(\w+)\}/g, (found, name: string) => places[name] ?? found);
}
