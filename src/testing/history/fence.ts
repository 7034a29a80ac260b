import { excerpt, isGrant, tokenOf, type Grant, type Ranked } from "./account.ts";
import type { EventOf } from "./event.ts";
import type { Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms } from "./wording.ts";

type Accepted = Ranked<EventOf<"write">>;

/** C8. */
export function* fence({ writes, accounts }: Facts): Generator<() => Violation> {
  const largest = new Map<string, Accepted>();
  for (const write of writes) {
    const { resource, fencingToken, accepted, attempt } = write.event;
    if (!accepted) continue;
    const account = accounts.get(attempt);
    const grant = isGrant(account) ? account : undefined;
    if (grant === undefined || !isEntitled(write, grant)) yield () => intruder(write, grant);
    const other = largest.get(resource);
    if (other !== undefined && fencingToken < other.event.fencingToken) {
      yield () => straggler(write, other);
    }
    if (other === undefined || fencingToken > other.event.fencingToken) {
      largest.set(resource, write);
    }
  }
}

function isEntitled({ event, rank }: Accepted, grant: Grant): boolean {
  const isGranted = grant.granted.rank < rank && tokenOf(grant) === event.fencingToken;
  return isGranted && grant.invoke.event.resources.includes(event.resource);
}

function intruder(write: Accepted, grant: Grant | undefined): Violation {
  const { attempt, fencingToken } = write.event;
  const proof = grant === undefined ? [] : [grant.invoke, grant.granted];
  return {
    ...violation(write, `but ${attempt} had not been granted it with token ${fencingToken}`),
    events: excerpt(...proof, write),
  };
}

function straggler(write: Accepted, other: Accepted): Violation {
  const { attempt, fencingToken, at } = other.event;
  return {
    ...violation(write, `after one of ${attempt} with token ${fencingToken} at ${ms(at)}`),
    attempts: [write.event.attempt, attempt],
    events: excerpt(other, write),
  };
}

function violation(write: Accepted, why: string): Omit<Violation, "events"> {
  const { resource, attempt, fencingToken, at } = write.event;
  const what = `a write of ${attempt} with token ${fencingToken} was accepted at ${ms(at)}`;
  return {
    check: "C8",
    message: `${resource}: ${what}, ${why}`,
    at,
    attempts: [attempt],
    resource,
  };
}
