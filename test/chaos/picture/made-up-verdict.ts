import type {
  Finding,
  Liveness,
  Property,
  PropertyVerdict,
  Verdict,
} from "../../../src/chaos/record.ts";
import type { MadeUpClient } from "./made-up-client.ts";

/** Two that had one resource: the last grants of both. */
export function findingOf(pair: {
  readonly resource: string;
  readonly at: number;
  readonly client: MadeUpClient;
  readonly other: MadeUpClient;
}): Finding {
  const { resource, at, client, other } = pair;
  const [second, first] = [client.lane.grants.at(-1)!, other.lane.grants.at(-1)!];
  const until = Math.min(first.until, second.until);
  const [a, b] = [other.lane.name, client.lane.name];
  return {
    check: "C1",
    property: "exclusion",
    message: `${b} was granted ${resource} at ${at.toFixed(1)} ms, while it was guaranteed to ${a} until ${first.until.toFixed(1)} ms.`,
    at,
    span: { from: at, until },
    attempts: [second.attempt, first.attempt],
    clients: [a, b],
    resource,
    excerpt: [
      { at: first.from, text: `${a} is granted ${resource} with the votes of nodes 1, 2 and 3` },
      { at, text: `${b} is granted ${resource} with the votes of nodes 2, 3 and 4` },
      { at: until, text: "one of them is over" },
    ],
    events: [],
  };
}

/** What would be said of such a run. */
export function verdictOf(
  findings: readonly Finding[],
  clients: readonly MadeUpClient[],
): { verdict: Verdict; liveness: Liveness } {
  const broke = findings.length > 0;
  const promise = (
    property: Property,
    about: string,
    rest: Partial<PropertyVerdict> = {},
  ): PropertyVerdict => {
    const usual = {
      checks: [],
      expected: "holds",
      violationCount: 0,
      outcome: "held",
      isAsExpected: true,
    } as const;
    return { property, about, ...usual, ...rest };
  };
  const exclusion: Partial<PropertyVerdict> = broke
    ? { outcome: "broke", violationCount: findings.length, isAsExpected: false }
    : {};
  const lost = clients
    .flatMap(({ lane }) => lane.sections)
    .filter(({ unfenced }) => unfenced === "overwrote");
  const sentence = broke
    ? `One holder at a time: that had to hold and did not. Two clients had the same lock ${findings.length} times.`
    : "All that had to hold held: one holder at a time, tokens that grow, no stale write at the fenced resource.";
  return {
    verdict: {
      outcome: broke ? "not as expected" : "as expected",
      sentence,
      properties: [
        promise("exclusion", "one holder at a time", exclusion),
        promise("belief", "nobody is told that it holds what is over"),
        promise("tokens", "fencing tokens are unique and grow"),
        promise("fence", "no stale write where tokens are looked at"),
        promise("hygiene", "nothing is left on the nodes"),
        promise("errors", "every call settles"),
        promise("liveness", "locks can be had, and again after the faults"),
        promise("sections", "no two at work at once", { expected: "either" }),
        promise("unfenced", "no lost write where nobody looks at tokens", {
          expected: "breaks",
          outcome: lost.length > 0 ? "broke" : "held",
          violationCount: lost.length,
        }),
      ],
      findings,
      violationCounts: { C1: findings.length },
    },
    liveness: livenessOf(clients, lost.length),
  };
}

function livenessOf(clients: readonly MadeUpClient[], lostWriteCount: number): Liveness {
  const requests = clients.flatMap(({ lane }) => lane.requests);
  const grantedCount = requests.filter(({ outcome }) => outcome === "granted").length;
  const failedCount = requests.filter(({ outcome }) => outcome === "failed").length;
  return {
    requestCount: requests.length,
    grantedCount,
    refusedCount: requests.length - grantedCount - failedCount,
    failedCount,
    unsettledCount: 0,
    availability: grantedCount / Math.max(requests.length, 1),
    acquireMs: { count: grantedCount, p50: 11.3, p99: 31.8, max: 34 },
    failureMs: { count: failedCount, p50: 6, p99: 12, max: 13 },
    fairness: 0.98,
    recoveryMs: 42,
    leftoverCount: 0,
    lostWriteCount,
    refusedWriteCount: lostWriteCount,
  };
}
