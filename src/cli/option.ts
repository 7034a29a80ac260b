import { parseArgs } from "node:util";

/** The command line cannot be understood. */
export class UsageError extends Error {}

export interface OptionKinds {
  readonly [name: string]: "number" | "text" | "flag";
}

export type Options<Kinds extends OptionKinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends "flag" ? boolean : string | undefined;
};

/** @throws {UsageError} for options that are not there, and for anything that is none. */
export function parseOptions<Kinds extends OptionKinds>(
  argv: readonly string[],
  kinds: Kinds,
): Options<Kinds> {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { type: kind === "flag" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, allowPositionals: false });
    const flags = Object.entries(kinds).filter(([, kind]) => kind === "flag");
    const absent = Object.fromEntries(flags.map(([name]) => [name, false]));
    return { ...absent, ...values } as Options<Kinds>;
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
