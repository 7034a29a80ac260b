/** What was given, in words that fit behind "got": its value and its type. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === "string") return `${JSON.stringify(value)} (string)`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "function") return "a function";
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  return `${String(value)} (${typeof value})`;
}

export function expected(name: string, what: string, given: unknown): string {
  return `${name}: expected ${what}, got ${describeValue(given)}`;
}

export interface WholeNumberRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/**
 * @throws {TypeError} for what is not a number.
 * @throws {RangeError} for NaN, fractions and what lies outside of the range.
 */
export function wholeNumber(value: unknown, { name, least, most }: WholeNumberRange): number {
  const isEndless = value === Infinity && most === Infinity;
  if (isEndless) return value;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number;
  }
  const upTo = most === Infinity ? "up, or Infinity" : `to ${most}`;
  const problem = expected(name, `a whole number from ${least} ${upTo}`, value);
  throw typeof value === "number" ? new RangeError(problem) : new TypeError(problem);
}

/** @throws {TypeError} for what is neither `true`, `false` nor left out. */
export function optionalBoolean(value: unknown, name: string, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw new TypeError(expected(name, "true or false", value));
  return value;
}

/** @throws {TypeError} for what is not an object, and for names that nobody knows. */
export function knownOptions(
  given: unknown,
  known: readonly string[],
  where: string,
): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(expected(`options of ${where}`, "an object", given));
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new TypeError(
      `options of ${where}: there is no option ${JSON.stringify(name)}; ` +
        `known are ${known.join(", ")}`,
    );
  }
  return given as Readonly<Record<string, unknown>>;
}
