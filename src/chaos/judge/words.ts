import type { EventOf, HistoryEvent } from "../../testing.ts";
import type { Names } from "./names.ts";

type AttemptType = Exclude<HistoryEvent["type"], "fault">;
type Words = {
  readonly [Type in AttemptType]: (event: EventOf<Type>, who: string) => string;
};

const words: Words = {
  invoke: ({ resources, mode }, who) => `${who} asks for ${resources.join(" and ")} (${mode})`,
  granted: ({ fencingToken, validUntil }, who) => {
    const token = fencingToken === 0 ? "" : ` with token ${fencingToken}`;
    return `${who} is granted it${token}, valid until ${ms(validUntil)}`;
  },
  failed: (_, who) => `${who} is not granted it`,
  extending: (_, who) => `${who} begins to extend`,
  extended: ({ validUntil }, who) => `${who} is extended until ${ms(validUntil)}`,
  releasing: (_, who) => `${who} releases`,
  lost: (_, who) => `${who} is told that it lost it`,
  belief: ({ held }, who) => `${who} is told that it ${held ? "holds" : "does not hold"} it`,
  vote: ({ node, resource }, who) => `${node} votes for ${who} (${resource})`,
  drop: ({ node, kind }, who) => `${node} drops the slot of ${who}: ${kind}`,
  leftover: ({ node, resource }, who) => `${node} still has a slot of ${who} for ${resource}`,
  write: ({ accepted }, who) => `the resource ${accepted ? "takes" : "refuses"} a write of ${who}`,
  refusal: ({ node, reason }, who) => `${node} refuses ${who}: ${reason}`,
};

/** What happened, in one sentence. */
export function eventWords(event: HistoryEvent, names: Names): string {
  if (event.type === "fault") {
    return `${event.node ?? event.client ?? "something"} is hurt: ${event.kind}`;
  }
  // Each entry takes the event of its own type.
  const say = words[event.type] as (event: HistoryEvent, who: string) => string;
  return say(event, names.of(event.attempt));
}

export function ms(instant: number): string {
  return `${instant.toFixed(1)} ms`;
}
