import type { EventOf } from "./event.ts";
import type { Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms } from "./wording.ts";

/** C7. */
export function* hygiene({ events }: Facts): Generator<() => Violation> {
  for (const event of events) {
    if (event.type === "leftover") {
      const until = `when everybody was done, and would keep it until ${ms(event.until)}`;
      yield () =>
        unclean(event, `still had a slot of ${event.attempt} at ${ms(event.at)}, ${until}`);
    } else if (event.type === "drop" && event.kind === "release" && event.by !== event.attempt) {
      const what = `released the slot of ${event.attempt} at ${ms(event.at)}`;
      yield () => unclean(event, `${what}, because ${event.by} asked for it`);
    }
  }
}

function unclean(event: EventOf<"leftover" | "drop">, what: string): Violation {
  const { node, resource, attempt, at } = event;
  const attempts = event.type === "drop" ? [event.by, attempt] : [attempt];
  const message = `${resource}: ${node} ${what}`;
  return { check: "C7", message, at, attempts, resource, events: [event] };
}
