import type { HistoryEvent } from "../../testing.ts";

/** What attempts are called for people: `A#3` is the third one of client A. */
export class Names {
  readonly #labels = new Map<string, string>();
  readonly #clients = new Map<string, string>();

  constructor(events: readonly HistoryEvent[]) {
    const counts = new Map<string, number>();
    for (const event of events) {
      if (event.type !== "invoke") continue;
      const count = (counts.get(event.client) ?? 0) + 1;
      counts.set(event.client, count);
      this.#labels.set(event.attempt, `${event.client}#${count}`);
      this.#clients.set(event.attempt, event.client);
    }
  }

  of(attempt: string): string {
    return this.#labels.get(attempt) ?? attempt;
  }

  clientOf(attempt: string): string | undefined {
    return this.#clients.get(attempt);
  }

  /** The sentence with the names of these attempts in it, and instants to a tenth of a millisecond. */
  within(sentence: string, attempts: readonly string[]): string {
    return attempts.reduce((text, attempt) => text.replaceAll(attempt, this.of(attempt)), sentence);
  }
}
