/**
 * A suite of checks that every implementation of a port must pass, without a test framework of its
 * own: `for (const { name, check } of nodeContract) test(name, () => check(fixture))`.
 */
export type Contract<Fixture> = readonly ContractCase<Fixture>[];

export interface ContractCase<Fixture> {
  /** A sentence about behaviour. */
  readonly name: string;
  /** Rejects when the behaviour is another one. */
  readonly check: (fixture: Fixture) => Promise<void>;
}

/** Time in the world of a fixture: real where the servers are real, virtual where they are not. */
export interface Passing {
  /** Resolves when so many milliseconds have passed for everybody. */
  readonly elapse: (ms: number) => Promise<void>;
  /** Resolves so many milliseconds later, if somebody lets time pass. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets time pass until the promise settles, and settles as it does. */
  readonly finish: <T>(promise: Promise<T>) => Promise<T>;
}
