import { excerpt, tokenOf, type Grant, type Round } from "./account.ts";
import type { Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms, withToken } from "./wording.ts";

/** C10. */
export function* continuity({ rounds }: Facts): Generator<() => Violation> {
  const successors = new Map<string, Record<"all" | "exclusive", Successors>>();
  for (const round of rounds) {
    const { grant, previous } = round;
    const { resources, mode } = grant.invoke.event;
    for (const resource of resources) {
      let known = successors.get(resource);
      if (known === undefined) {
        known = { all: new Successors(), exclusive: new Successors() };
        successors.set(resource, known);
      }
      if (previous === undefined) {
        known.all.add(grant);
        if (mode === "exclusive") known.exclusive.add(grant);
      } else if (!isRobbed(round)) {
        const other = known[mode === "exclusive" ? "all" : "exclusive"].largestSince(previous.rank);
        if (other !== undefined && tokenOf(other) > tokenOf(grant)) {
          yield () => revenant(round, other, resource);
        }
      }
    }
  }
}

function isRobbed({ grant, rank }: Round): boolean {
  return grant.robbery !== undefined && grant.robbery.rank < rank;
}

/** Grants of one resource, of which those remain that no later one surpasses: tokens fall. */
class Successors {
  readonly #grants: Grant[] = [];

  add(grant: Grant): void {
    for (let last = this.#grants.at(-1); last !== undefined; last = this.#grants.at(-1)) {
      if (tokenOf(last) > tokenOf(grant)) break;
      this.#grants.pop();
    }
    this.#grants.push(grant);
  }

  /** The one with the largest token of those that were granted after this place in the history. */
  largestSince(rank: number): Grant | undefined {
    let low = 0;
    let high = this.#grants.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#grants[middle]?.granted.rank ?? Infinity) > rank) high = middle;
      else low = middle + 1;
    }
    return this.#grants[low];
  }
}

function revenant(round: Round, other: Grant, resource: string): Violation {
  const { grant } = round;
  const { at, attempt } = round.event;
  return {
    check: "C10",
    message:
      `${resource}: ${withToken(grant)} was extended at ${ms(at)}, after ${withToken(other)} ` +
      `had been granted it at ${ms(other.granted.event.at)}`,
    at,
    attempts: [attempt, other.invoke.event.attempt],
    resource,
    events: excerpt(grant.invoke, grant.granted, other.invoke, other.granted, round),
  };
}
