import { bodyQuote, type QuotedNames } from "./names.ts";
import { acquire } from "./statement/acquire.ts";
import { extend, forceRelease, release, tell } from "./statement/hold.ts";
import { inspect } from "./statement/inspect.ts";
import { lockRows, tables } from "./statement/table.ts";

const parts = [tables, lockRows, tell, acquire, extend, release, forceRelease, inspect];

/** The SQL that makes the tables and the functions, or brings them up to date. */
export function schemaText(names: QuotedNames): string {
  const places: Readonly<Record<string, string>> = {
    ...names,
    // In DO UPDATE the table goes by its own name, without the schema.
    entryName: names.entry.slice(names.schema.length + 1),
  };
  return parts
    .map((part) =>
      part.trim().replace(/\{(\w+)\}/g, (found, name: string) => places[name] ?? found),
    )
    .join("\n\n");
}

/**
 * The same, with the schema, as one transaction that any number of processes may run at the same time: they
 * take turns. (`IF NOT EXISTS` alone fails for one of two that do not see each other.)
 */
export function migrationText(names: QuotedNames): string {
  const literal = `'${names.schema.replaceAll("'", "''")}'`;
  return `BEGIN;
SELECT pg_advisory_xact_lock(${migrationLock});
DO ${bodyQuote} BEGIN
  IF to_regnamespace(${literal}) IS NULL THEN CREATE SCHEMA ${names.schema}; END IF;
END ${bodyQuote};
${schemaText(names)}
COMMIT;`;
}

/** "quorum" in ASCII. */
const migrationLock = 0x71756f72756d;
