import { excerpt, proofOf, untilOf, type Grant } from "./account.ts";
import type { Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms, withToken } from "./wording.ts";

/** Those whose time lasts longest, of all that have begun. */
interface Longest {
  ofAll: Grant | undefined;
  ofExclusive: Grant | undefined;
}

/** C1. Grants come in the order of their begin, so only the longest of those before can overlap. */
export function* mutualExclusion({ grants }: Facts): Generator<() => Violation> {
  const longest = new Map<string, Longest>();
  for (const grant of grants) {
    const { mode, resources } = grant.invoke.event;
    const from = grant.granted.event.at;
    const until = untilOf(grant);
    if (until <= from) continue;
    for (const resource of resources) {
      let known = longest.get(resource);
      if (known === undefined) {
        known = { ofAll: undefined, ofExclusive: undefined };
        longest.set(resource, known);
      }
      const other = mode === "exclusive" ? known.ofAll : known.ofExclusive;
      if (other !== undefined && untilOf(other) > from) yield () => overlap(grant, other, resource);
      known.ofAll = longer(known.ofAll, grant);
      if (mode === "exclusive") known.ofExclusive = longer(known.ofExclusive, grant);
    }
  }
}

function longer(known: Grant | undefined, grant: Grant): Grant {
  return known === undefined || untilOf(grant) > untilOf(known) ? grant : known;
}

function overlap(grant: Grant, other: Grant, resource: string): Violation {
  const { at } = grant.granted.event;
  const since = ms(other.granted.event.at);
  return {
    check: "C1",
    message:
      `${resource}: ${withToken(grant)} was granted it at ${ms(at)}, while it was guaranteed to ` +
      `${withToken(other)} from ${since} to ${ms(untilOf(other))}`,
    at,
    attempts: [grant.invoke.event.attempt, other.invoke.event.attempt],
    resource,
    events: excerpt(...proofOf(other, at), ...proofOf(grant, at)),
  };
}
