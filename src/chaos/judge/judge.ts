import { checkHistory, type CheckId, type Coverage } from "../../testing.ts";
import type { Observed } from "../run/run.ts";
import type { Expectation, Expectations, Scenario } from "../scenarios/scenario.ts";
import type { System } from "../systems/system.ts";
import type {
  ChaosCheck,
  Finding,
  Liveness,
  Property,
  PropertyVerdict,
  Verdict,
} from "../verdict.ts";
import { findingOf, fromViolation, propertyOf, type Plain } from "./finding.ts";
import { Names } from "./names.ts";
import { unavailable } from "./availability.ts";
import { errorsOf, lostEffects, lostUnfenced, overlappingSections } from "./own-checks.ts";
import { sentence } from "./sentence.ts";

/** With fewer than one grant in so many ttls, work has come to a standstill. */
const standstillTtls = 4;

/** Of each check so many findings are described. */
const mostPerCheck = 10;

/** What the checks can see of a library that has no tokens and tells no votes. */
const seenWithoutTokens: readonly CheckId[] = ["C1", "C2", "C3", "C7"];
const aboutTokens = new Set<Property>(["tokens", "fence"]);

const abouts: Readonly<Record<Property, string>> = {
  exclusion: "one holder at a time, as far as it is guaranteed",
  birth: "locks are handed out while they are valid, by a quorum that may vote",
  belief: "nobody is told that it holds what is over",
  tokens: "tokens are unique and grow",
  fence: "what looks at tokens takes no stale write",
  hygiene: "nothing is left on the nodes beyond its time",
  errors: "every call settles, every error is caught, processes end",
  liveness: "locks can be had when they should be",
  sections: "no two sections are executed at one time",
  unfenced: "what looks at nothing loses no write",
};

export interface Judging {
  readonly observed: Observed;
  readonly system: System;
  readonly scenario: Scenario;
  readonly liveness: Liveness;
}

/** What had to hold, what was expected to break, and what became of it. */
export function judge({ observed, system, scenario, liveness }: Judging): Verdict {
  const { events } = observed.journal;
  const names = new Names(events);
  const checks = system.hasTokens ? {} : { checks: seenWithoutTokens };
  const report = checkHistory(events, { ...checks, mostPerCheck });
  const own: Plain[] = [
    ...lostEffects(observed),
    ...lostUnfenced(observed),
    ...errorsOf(observed),
    ...overlappingSections(observed),
    ...unavailable({ liveness, scenario, observed, system }),
  ];
  const counts: Record<string, number> = { ...report.violationCounts };
  for (const { check } of own) counts[check] = (counts[check] ?? 0) + 1;
  const findings = [
    ...report.violations.map((violation) => fromViolation(violation, names)),
    ...first(own).map((plain) => findingOf(plain, names)),
  ];
  const expectations = expectationsFor(system, scenario);
  const properties = propertyVerdicts(counts, expectations, system);
  const isProven = proven(scenario, system, observed, report.coverage);
  const outcome = outcomeOf(properties, system, isProven);
  const said = { outcome, properties, findings: byWeight(findings, properties) };
  return { ...said, sentence: sentence(said), violationCounts: counts };
}

function outcomeOf(
  properties: readonly PropertyVerdict[],
  system: System,
  isProven: boolean,
): Verdict["outcome"] {
  if (!properties.every(({ isAsExpected }) => isAsExpected)) return "not as expected";
  // What breaks is proof enough.
  return isProven || system.convictedBy !== undefined ? "as expected" : "inconclusive";
}

function expectationsFor(system: System, scenario: Scenario): Expectations {
  const given = scenario.expectations[system.column];
  if (system.convictedBy !== undefined) return { [system.convictedBy]: "breaks" };
  if (system.kind !== "peer") return given;
  // Of others nothing is required; but what the algorithm itself does not cover has to show.
  const mayShowLess = system.mayShowLess === true || scenario.needsSecondTry === true;
  const isShown = given.exclusion === "breaks" && !mayShowLess;
  return { exclusion: isShown ? "breaks" : "either" };
}

function propertyVerdicts(
  counts: Readonly<Record<string, number>>,
  expectations: Expectations,
  { hasTokens }: System,
): PropertyVerdict[] {
  return (Object.keys(abouts) as Property[]).map((property) => {
    const checks = (Object.keys(propertyOf) as ChaosCheck[]).filter(
      (check) => propertyOf[check] === property,
    );
    const about = abouts[property];
    if (!hasTokens && aboutTokens.has(property)) {
      const none = { expected: "none", outcome: "not judged" } as const;
      return { property, about, checks, ...none, violationCount: 0, isAsExpected: true };
    }
    const violationCount = checks.reduce((sum, check) => sum + (counts[check] ?? 0), 0);
    const expected: Expectation = expectations[property] ?? "either";
    const outcome = violationCount > 0 ? "broke" : "held";
    const isAsExpected =
      expected === "either" || (expected === "holds" ? outcome === "held" : outcome === "broke");
    return { property, about, checks, expected, violationCount, outcome, isAsExpected };
  });
}

function proven(
  scenario: Scenario,
  system: System,
  { journal, until }: Observed,
  coverage: Coverage,
): boolean {
  const proof = scenario.proof(system.column);
  if (proof === "none") return true;
  // Who cannot see the votes of nodes cannot judge their order.
  const { hasTokens, authority } = system;
  const isSeen = !hasTokens || authority !== "redis" || (coverage.eventCounts.vote ?? 0) > 0;
  if (!isSeen) return false;
  if (proof === "handoff under fault") {
    const isMoving = coverage.grantCount * standstillTtls * scenario.ttlMs > until;
    return coverage.isContendedUnderFault && isMoving;
  }
  const grants = journal.requests.filter(
    ({ outcome, resources }) =>
      outcome === "granted" && resources.some((each) => scenario.resources.includes(each)),
  );
  return grants.length >= proof.grants;
}

function first(plains: readonly Plain[]): Plain[] {
  const counts = new Map<ChaosCheck, number>();
  return plains.filter(({ check }) => {
    const count = (counts.get(check) ?? 0) + 1;
    counts.set(check, count);
    return count <= mostPerCheck;
  });
}

/** What is not as expected first, then what broke, as in the list of properties. */
function byWeight(
  findings: readonly Finding[],
  properties: readonly PropertyVerdict[],
): readonly Finding[] {
  const weight = ({ property }: Finding): number => {
    const place = properties.findIndex((each) => each.property === property);
    return place + (properties[place]?.isAsExpected === true ? properties.length : 0);
  };
  return findings.toSorted((a, b) => weight(a) - weight(b));
}
