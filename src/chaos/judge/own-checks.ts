import type { Observed } from "../run/run.ts";
import type { Outcome } from "../run/resource.ts";
import type { Plain } from "./finding.ts";
import { ms } from "./words.ts";

/** C9: the twin that looks at tokens lost no write that it had acknowledged. */
export function lostEffects({ resource, until }: Observed): Plain[] {
  return [...resource.lost("fenced")].flatMap(([name, count]) =>
    count === 0
      ? []
      : [
          {
            check: "C9" as const,
            message: `${name}: the resource that looks at tokens lost ${count} acknowledged writes`,
            at: until,
            resource: name,
          },
        ],
  );
}

/** What the twin that looks at nothing lost: each write that did not know of another one. */
export function lostUnfenced({ resource }: Observed): Plain[] {
  return resource.outcomes.flatMap((outcome) => {
    if (outcome.unfenced !== "overwrote") return [];
    const { attempt, until, client, resource: name } = outcome;
    const message = `${name}: ${attempt} wrote back at ${ms(until)} what it had read before others wrote`;
    return [
      {
        check: "unfenced" as const,
        message,
        at: until,
        attempts: [attempt],
        clients: [client],
        resource: name,
      },
    ];
  });
}

/** C11: every call settles, nothing is thrown that nobody catches, processes end by themselves. */
export function errorsOf({ journal, ending, until }: Observed): Plain[] {
  const check = "C11" as const;
  const troubles = journal.troubles.map(({ at, client, message }) => ({
    ...{ check, at, clients: [client] },
    message: `${client}: ${message}`,
  }));
  const unsettled = journal.unsettled.map(({ client, what, from }) => ({
    ...{ check, at: from, clients: [client] },
    message: `${client}: ${what}, called at ${ms(from)}, never settled`,
  }));
  const restless = ending.restless.map((client) => ({
    ...{ check, at: until, clients: [client] },
    message: `${client} was not done when all had been told to come to rest`,
  }));
  const stuck = ending.stuck.map((client) => ({
    ...{ check, at: until, clients: [client] },
    message: `${client}: its process did not end by itself`,
  }));
  return [...troubles, ...unsettled, ...restless, ...stuck];
}

/** Sections of one resource, at least one of which writes, that were executed at one time. */
export function overlappingSections({ resource }: Observed): Plain[] {
  const found: Plain[] = [];
  const active: Outcome[] = [];
  for (const each of resource.outcomes.toSorted((a, b) => a.from - b.from)) {
    for (let index = active.length - 1; index >= 0; index--) {
      const other = active[index];
      if (other === undefined) continue;
      if (other.until <= each.from) active.splice(index, 1);
      else if (isConflict(each, other)) found.push(overlap(other, each));
    }
    active.push(each);
  }
  return found;
}

function isConflict(a: Outcome, b: Outcome): boolean {
  const isSame = a.resource === b.resource && a.attempt !== b.attempt;
  return isSame && (a.isWriter || b.isWriter);
}

function overlap(first: Outcome, second: Outcome): Plain {
  const { resource, from: at } = second;
  const line = (outcome: Outcome): { at: number; text: string } => ({
    at: outcome.from,
    text: `${outcome.client} is in its section of ${resource} until ${ms(outcome.until)}`,
  });
  return {
    check: "sections",
    message: `${resource}: ${second.attempt} entered at ${ms(at)} while ${first.attempt} was there`,
    at,
    attempts: [second.attempt, first.attempt],
    resource,
    excerpt: [line(first), line(second)],
  };
}
