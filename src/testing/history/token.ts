import { excerpt, proofOf, tokenOf, type Grant } from "./account.ts";
import type { Facts } from "./facts.ts";
import type { CheckId, Violation } from "./violation.ts";
import { ms, whose, withToken } from "./wording.ts";

/** C4. */
export function* uniqueTokens(facts: Facts): Generator<() => Violation> {
  for (const [resource, grants] of byResource(facts)) {
    const owners = new Map<number, Grant>();
    for (const grant of grants) {
      const token = tokenOf(grant);
      const other = owners.get(token);
      if (other === undefined) owners.set(token, grant);
      else yield () => twins(grant, other, resource);
    }
  }
}

/** C5. Goes through the attempts as they began, and keeps the largest token granted before each. */
export function* growingTokens(facts: Facts): Generator<() => Violation> {
  for (const [resource, grants] of byResource(facts)) {
    let next = 0;
    let largest: Grant | undefined;
    for (const grant of grants.toSorted(byBegin)) {
      for (; ; next++) {
        const candidate = grants[next];
        if (candidate === undefined || !isBefore(candidate, grant)) break;
        if (largest === undefined || tokenOf(candidate) > tokenOf(largest)) largest = candidate;
      }
      const other = largest;
      if (other !== undefined && tokenOf(grant) <= tokenOf(other)) {
        yield () => shrinking(grant, other, resource);
      }
    }
  }
}

/** By when they were asked for. */
function byBegin(a: Grant, b: Grant): number {
  return instantOf(a) - instantOf(b) || placeOf(a) - placeOf(b);
}

function instantOf({ invoke, granted }: Grant): number {
  return granted.event.handedOn?.askedAt ?? invoke.event.at;
}

/** Among those of one instant: what stands at an instant alone comes before all events of it. */
function placeOf({ invoke, granted }: Grant): number {
  return granted.event.handedOn === undefined ? invoke.rank : -1;
}

/** Whether it had been granted when the other one was asked for. */
function isBefore(candidate: Grant, { invoke, granted }: Grant): boolean {
  const { handedOn } = granted.event;
  if (handedOn !== undefined) return candidate.granted.event.at < handedOn.askedAt;
  return candidate.granted.rank < invoke.rank;
}

function byResource({ grants }: Facts): Map<string, Grant[]> {
  const lists = new Map<string, Grant[]>();
  for (const grant of grants) {
    for (const resource of grant.invoke.event.resources) {
      const list = lists.get(resource);
      if (list === undefined) lists.set(resource, [grant]);
      else list.push(grant);
    }
  }
  return lists;
}

function twins(grant: Grant, other: Grant, resource: string): Violation {
  const when = `at ${ms(grant.granted.event.at)}`;
  const before = `${whose(other)} at ${ms(other.granted.event.at)}`;
  const what = `${whose(grant)} was given token ${tokenOf(grant)} ${when}, as was ${before}`;
  return disorder("C4", what, grant, other, resource);
}

function shrinking(grant: Grant, other: Grant, resource: string): Violation {
  const asked = `${withToken(grant)} asked at ${ms(grant.invoke.event.at)}`;
  const before = `${withToken(other)} was granted it at ${ms(other.granted.event.at)}`;
  return disorder("C5", `${asked}, after ${before}`, grant, other, resource);
}

function disorder(
  check: CheckId,
  what: string,
  grant: Grant,
  other: Grant,
  resource: string,
): Violation {
  return {
    check,
    message: `${resource}: ${what}`,
    at: grant.granted.event.at,
    attempts: [grant.invoke.event.attempt, other.invoke.event.attempt],
    resource,
    events: excerpt(...proofOf(other), ...proofOf(grant)),
  };
}
