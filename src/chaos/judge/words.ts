import type { HistoryEvent } from "../../testing.ts";
import type { Names } from "./names.ts";

/** What happened, in one sentence. */
export function eventWords(event: HistoryEvent, names: Names): string {
  if (event.type === "fault") {
    return `${event.node ?? event.client ?? "something"} is hurt: ${event.kind}`;
  }
  const who = names.of(event.attempt);
  switch (event.type) {
    case "invoke":
      return `${who} asks for ${event.resources.join(" and ")} (${event.mode})`;
    case "granted": {
      const token = event.fencingToken === 0 ? "" : ` with token ${event.fencingToken}`;
      return `${who} is granted it${token}, valid until ${ms(event.validUntil)}`;
    }
    case "failed":
      return `${who} is not granted it`;
    case "extending":
      return `${who} begins to extend`;
    case "extended":
      return `${who} is extended until ${ms(event.validUntil)}`;
    case "releasing":
      return `${who} releases`;
    case "lost":
      return `${who} is told that it lost it`;
    case "belief":
      return `${who} is told that it ${event.held ? "holds" : "does not hold"} it`;
    case "vote":
      return `${event.node} votes for ${who} (${event.resource})`;
    case "drop":
      return `${event.node} drops the slot of ${who}: ${event.kind}`;
    case "leftover":
      return `${event.node} still has a slot of ${who} for ${event.resource}`;
    case "write":
      return `the resource ${event.accepted ? "takes" : "refuses"} a write of ${who}`;
    case "refusal":
      return `${event.node} refuses ${who}: ${event.reason}`;
  }
}

export function ms(instant: number): string {
  return `${instant.toFixed(1)} ms`;
}
