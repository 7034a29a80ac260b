import { parseArgs } from "node:util";

/** The command line cannot be understood. */
export class UsageError extends Error {}

export interface OptionKinds {
  /** `list`: it may be given more than once. */
  readonly [name: string]: "number" | "text" | "flag" | "list";
}

export type Options<Kinds extends OptionKinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends "flag"
    ? boolean
    : Kinds[Name] extends "list"
      ? readonly string[]
      : string | undefined;
};

/**
 * @throws {UsageError} for options that are not there, for anything that is none, and for one that is given
 *   a second time, unless it is a list.
 */
export function parseOptions<Kinds extends OptionKinds>(
  argv: readonly string[],
  kinds: Kinds,
): Options<Kinds> {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { type: kind === "flag" ? ("boolean" as const) : ("string" as const), multiple: true },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, allowPositionals: false });
    const understood = Object.entries(kinds).map(([name, kind]) => {
      const given = [values[name] ?? []].flat();
      if (kind === "list") return [name, given];
      if (given.length > 1) throw new UsageError(`--${name}: it was given ${given.length} times`);
      return [name, kind === "flag" ? given.length > 0 : given[0]];
    });
    return Object.fromEntries(understood) as Options<Kinds>;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws {UsageError} for what is not a whole number in the range. */
export function countOption(
  given: string | undefined,
  {
    name,
    least,
    most,
    otherwise,
  }: { name: string; least: number; most: number; otherwise: number },
): number {
  if (given === undefined) return otherwise;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}, got ${given}`);
}
