import { createHash } from "node:crypto";
import { expected, knownOptions } from "../core/expectation.ts";

/** Where the lock's table is. */
export interface PostgresNames {
  /**
   * The schema of the table and its functions.
   *
   * @defaultValue "public"
   */
  readonly schema?: string | undefined;
  /**
   * The table that has a row for each resource; everything else begins with this name.
   *
   * @defaultValue "quorumlock"
   */
  readonly table?: string | undefined;
}

export const nameOptions: readonly string[] = ["schema", "table"];

/** What statements and functions are called in SQL, qualified and quoted. */
export interface QuotedNames {
  readonly schema: string;
  readonly resource: string;
  readonly entry: string;
  readonly lockRows: string;
  readonly tell: string;
  readonly acquire: string;
  readonly extend: string;
  readonly release: string;
  readonly forceRelease: string;
  readonly inspect: string;
  /** On which those who wait are told that something is free: not quoted. */
  readonly channel: string;
}

/** What PostgreSQL keeps of a name, less the longest ending of ours. */
const mostBytes = 63 - "_force_release_v1".length;
/** Function bodies stand between these. */
export const bodyQuote = "$quorumlock$";

/** @throws {TypeError | RangeError} for what cannot be a name. */
export function quotedNames(given: PostgresNames): QuotedNames {
  const schema = checked(given.schema ?? "public", "schema");
  const table = checked(given.table ?? "quorumlock", "table");
  const name = (ending: string): string => `${quoted(schema)}.${quoted(table + ending)}`;
  const place = createHash("sha256").update(`${schema}\0${table}`).digest("hex");
  return {
    schema: quoted(schema),
    resource: name(""),
    entry: name("_entry"),
    lockRows: name("_lock_rows_v1"),
    tell: name("_tell_v1"),
    acquire: name("_acquire_v1"),
    extend: name("_extend_v1"),
    release: name("_release_v1"),
    forceRelease: name("_force_release_v1"),
    inspect: name("_inspect_v1"),
    channel: `quorumlock_${place.slice(0, 32)}`,
  };
}

/** @throws {TypeError | RangeError} for options that are not names, and for others. */
export function checkedNames(given: unknown, where: string): QuotedNames {
  return quotedNames(knownOptions(given, nameOptions, where));
}

function checked(given: unknown, option: string): string {
  const what = `a name of 1 to ${mostBytes} bytes`;
  if (typeof given !== "string") throw new TypeError(expected(option, what, given));
  const bytes = Buffer.byteLength(given);
  const isFit = bytes > 0 && bytes <= mostBytes && !given.includes("\0");
  if (!isFit || given.includes(bodyQuote)) throw new RangeError(expected(option, what, given));
  return given;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
