import { excerpt } from "./account.ts";
import type { Facts } from "./facts.ts";
import type { Asked } from "./reader.ts";
import type { Violation } from "./violation.ts";
import { ms, whose } from "./wording.ts";

/** C2. */
export function* honestBelief({ beliefs }: Facts): Generator<() => Violation> {
  for (const asked of beliefs) {
    const { event, standing, ending } = asked;
    if (!event.held) continue;
    if (ending !== undefined || event.at >= standing.validUntil) yield () => delusion(asked);
  }
}

function delusion(asked: Asked): Violation {
  const { event, standing, ending } = asked;
  const { grant } = standing;
  return {
    check: "C2",
    message: `${whose(grant)} was told at ${ms(event.at)} that it holds the lock, ${truth(asked)}`,
    at: event.at,
    attempts: [event.attempt],
    events: excerpt(grant.invoke, grant.granted, ending ?? standing, asked),
  };
}

function truth({ standing, ending }: Asked): string {
  if (ending === undefined) return `which was valid until ${ms(standing.validUntil)}`;
  const what = ending.event.type === "lost" ? "was reported lost" : "was released";
  return `which ${what} at ${ms(ending.event.at)}`;
}
