import type { CaseResult, Figure, Row } from "./result.ts";
import { spreadOf, type Spread } from "./statistics.ts";
import type { System } from "./system.ts";

export type Errors = Readonly<Record<string, number>>;

interface Collected {
  readonly system: System;
  readonly rounds: Record<string, number>[];
  readonly errors: Record<string, number>;
}

/** What was measured so far: for each case and system, figures by round. */
export class Samples {
  readonly #names: readonly string[];
  readonly #cases = new Map<string, Map<string, Collected>>();

  /** @param systems in their order; the first one is what ratios are taken against. */
  constructor(systems: readonly Pick<System, "name">[]) {
    this.#names = systems.map(({ name }) => name);
  }

  /** One round. A figure that could not be had is left out, or is no number. */
  add(name: string, system: System, figures: Readonly<Record<string, number>>): void {
    this.#of(name, system).rounds.push({ ...figures });
  }

  addErrors(name: string, system: System, errors: Errors): void {
    const known = this.#of(name, system).errors;
    for (const [what, count] of Object.entries(errors)) known[what] = (known[what] ?? 0) + count;
  }

  /** All cases as rows; ratios are taken against the first system, round by round. */
  cases(figures: readonly Figure[]): CaseResult[] {
    return [...this.#cases].map(([name, systems]) => {
      const all = this.#names.flatMap((each) => systems.get(each) ?? []);
      const [stick] = all;
      return { name, rows: all.map((each) => rowOf(each, stick ?? each, figures)) };
    });
  }

  #of(name: string, system: System): Collected {
    const systems = this.#cases.get(name) ?? new Map<string, Collected>();
    this.#cases.set(name, systems);
    const collected = systems.get(system.name) ?? { system, rounds: [], errors: {} };
    systems.set(system.name, collected);
    return collected;
  }
}

function rowOf(each: Collected, stick: Collected, figures: readonly Figure[]): Row {
  const found: Record<string, Spread> = {};
  for (const { key, ratioOf } of figures) {
    const values = each.rounds.map((round, index) => {
      if (ratioOf === undefined) return round[key] ?? Number.NaN;
      return (round[ratioOf] ?? Number.NaN) / (stick.rounds[index]?.[ratioOf] ?? Number.NaN);
    });
    const spread = spreadOf(values);
    if (spread !== undefined) found[key] = spread;
  }
  const { name, version } = each.system;
  return { system: name, version, figures: found, errors: each.errors };
}
