export interface Failure {
  readonly seed: number;
  readonly hash: string;
  readonly found: readonly { readonly check: string; readonly message: string }[];
}

/** What came of a number of worlds. */
export interface Tally {
  runCount: number;
  grantCount: number;
  handoffCount: number;
  handoffUnderFaultCount: number;
  contendedUnderFaultCount: number;
  holderFaultCount: number;
  readonly refusals: Record<string, number>;
  readonly faults: Record<string, number>;
  readonly failures: Failure[];
  /** Set when the code under test brought the process down. */
  crash?: string;
}

export function emptyTally(): Tally {
  return {
    runCount: 0,
    grantCount: 0,
    handoffCount: 0,
    handoffUnderFaultCount: 0,
    contendedUnderFaultCount: 0,
    holderFaultCount: 0,
    refusals: {},
    faults: {},
    failures: [],
  };
}

/** Adds one to another. */
export function merge(into: Tally, tally: Tally): void {
  const counts = [
    ...["runCount", "grantCount", "handoffCount", "handoffUnderFaultCount"],
    ...["contendedUnderFaultCount", "holderFaultCount"],
  ] as "runCount"[];
  for (const name of counts) into[name] += tally[name];
  for (const table of ["refusals", "faults"] as const) {
    for (const [name, count] of Object.entries(tally[table])) {
      into[table][name] = (into[table][name] ?? 0) + count;
    }
  }
  into.failures.push(...tally.failures);
  if (tally.crash !== undefined) into.crash = tally.crash;
}
