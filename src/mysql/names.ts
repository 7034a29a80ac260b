import { expected, knownOptions } from "../core/expectation.ts";

/** Where the lock's table is. */
export interface MysqlNames {
  /**
   * The database of the table and its procedures.
   *
   * @defaultValue the one that the pool's connections use
   */
  readonly database?: string | undefined;
  /**
   * The table that has a row for each resource; everything else begins with this name.
   *
   * @defaultValue "quorumlock"
   */
  readonly table?: string | undefined;
}

export const nameOptions: readonly string[] = ["database", "table"];

/** What statements and procedures are called in SQL, qualified and quoted. */
export interface QuotedNames {
  readonly resource: string;
  readonly entry: string;
  readonly lockRows: string;
  readonly acquire: string;
  readonly extend: string;
  readonly release: string;
  readonly forceRelease: string;
  readonly inspect: string;
}

/** What MySQL keeps of a name, less the longest ending of ours. */
const mostCharacters = 64 - "_force_release_v1".length;

/** @throws {TypeError | RangeError} for what cannot be a name. */
export function quotedNames(given: MysqlNames): QuotedNames {
  const { database, table = "quorumlock" } = given;
  const place = database === undefined ? "" : `${quoted(checked(database, "database"))}.`;
  const base = checked(table, "table");
  const name = (ending: string): string => place + quoted(base + ending);
  return {
    resource: name(""),
    entry: name("_entry"),
    lockRows: name("_lock_rows_v1"),
    acquire: name("_acquire_v1"),
    extend: name("_extend_v1"),
    release: name("_release_v1"),
    forceRelease: name("_force_release_v1"),
    inspect: name("_inspect_v1"),
  };
}

/** @throws {TypeError | RangeError} for options that are not names, and for others. */
export function checkedNames(given: unknown, where: string): QuotedNames {
  return quotedNames(knownOptions(given, nameOptions, where));
}

function checked(given: unknown, option: string): string {
  const what = `a name of 1 to ${mostCharacters} characters that does not end with a space`;
  if (typeof given !== "string") throw new TypeError(expected(option, what, given));
  const isFit =
    given !== "" && given.length <= mostCharacters && !/\0|[\ud800-\udfff]| $/.test(given);
  if (!isFit) throw new RangeError(expected(option, what, given));
  return given;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
