import type { NotedRequest } from "../run/journal.ts";
import type { Observed } from "../run/run.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { System } from "../systems/system.ts";
import type { Liveness } from "../verdict.ts";
import type { Plain } from "./finding.ts";
import { recovery } from "./liveness.ts";

export interface Availability {
  readonly liveness: Liveness;
  readonly scenario: Scenario;
  readonly observed: Observed;
  readonly system: System;
}

/** What is under way when nodes die may still come to a good end, in milliseconds. */
const underWayMs = 1_000;
const usualSkewMs = 200;

/** That locks could not be had when they should have been, or too late, or were when they should not. */
export function unavailable(availability: Availability): Plain[] {
  return [
    ...tooFew(availability),
    ...tooLate(availability),
    ...afterDeath(availability),
    ...inOutage(availability),
    ...notGiven(availability),
  ].map(({ message, at }) => ({ check: "liveness", message, at }));
}

interface Complaint {
  readonly message: string;
  readonly at: number;
}

function tooFew({ liveness, scenario, observed }: Availability): Complaint[] {
  const { leastAvailability = 0 } = scenario;
  if (liveness.availability >= leastAvailability) return [];
  const share = (100 * liveness.availability).toFixed(1);
  const message = `${share} % of the requests were granted, ${100 * leastAvailability} % should be`;
  return [{ message, at: observed.until }];
}

/** After the healing: a lock that runs out, a quarantine, and some seconds for reconnecting. */
function tooLate({ scenario, observed }: Availability): Complaint[] {
  const { ttlMs, wanted } = scenario;
  const boundMs = 2 * ttlMs + 2 * (wanted?.maxSkewMs ?? usualSkewMs) + 2_000;
  const recoveryMs = recovery(observed) ?? 0;
  if (recoveryMs <= boundMs) return [];
  const when = Number.isFinite(recoveryMs) ? `after ${Math.round(recoveryMs)} ms` : "never";
  const message = `after all was healed the lock was granted ${when}; the bound is ${boundMs} ms`;
  return [{ message, at: observed.until }];
}

/** What a dead client held is free when its time is over. */
function afterDeath({ liveness, scenario, observed, system }: Availability): Complaint[] {
  const { ttlMs } = scenario;
  const boundMs = (system.heldAfterDeathMs?.(ttlMs) ?? ttlMs) + underWayMs;
  const { afterCrashMs = 0 } = liveness;
  // While something else is broken, it is not for the death that the next one waits.
  if (afterCrashMs <= boundMs || scenario.row !== 12) return [];
  const message =
    `what a dead client held was granted again after ${Math.round(afterCrashMs)} ms; ` +
    `the bound is ${boundMs} ms`;
  return [{ message, at: observed.until }];
}

/** Who should have got a lock and did not. */
function notGiven({ scenario, observed, system }: Availability): Complaint[] {
  if (system.column === "plain") return [];
  return Object.entries(scenario.owed ?? {}).flatMap(([name, owed]) => {
    const count = observed.journal.requests.filter(
      ({ client, outcome, resources }) =>
        client === name &&
        outcome === "granted" &&
        resources.some((each) => scenario.resources.includes(each)),
    ).length;
    const message = `${name} was granted the lock ${count} times, ${owed} times it should have been`;
    return count >= owed ? [] : [{ message, at: observed.until }];
  });
}

/** Where no majority is left: no lock, and an error soon. */
function inOutage({ scenario, observed, system }: Availability): Complaint[] {
  const { outage } = scenario;
  if (outage === undefined || system.kind !== "ours") return [];
  const { faults, requests } = observed.journal;
  const from = (faults.findLast(({ isHealing }) => !isHealing)?.at ?? Infinity) + underWayMs;
  const until = faults.find(({ kind }) => kind === "healAll")?.at ?? observed.until;
  const isWithin = (request: NotedRequest): boolean => request.from > from && request.until < until;
  return requests.filter(isWithin).flatMap((request): Complaint[] => {
    const { client, outcome } = request;
    const tookMs = Math.round(request.until - request.from);
    const at = request.until;
    if (outcome === "granted")
      return [{ message: `${client} was granted a lock in an outage`, at }];
    if (tookMs <= outage.longestErrorMs) return [];
    return [{ message: `${client} heard after ${tookMs} ms only that there is no quorum`, at }];
  });
}
