import type { RequestSpan } from "../lane.ts";
import type { Journal, OpenCall } from "../run/journal.ts";
import type { AskedSpan } from "./message.ts";

interface Open extends OpenCall {
  readonly settle: () => void;
}

/** What one client has called, and has no answer to. */
export class OpenCalls {
  readonly #client: string;
  readonly #journal: Journal;
  readonly #asked = new Map<string, AskedSpan>();
  readonly #orders = new Map<number, Open>();
  #count = 0;

  constructor(client: string, journal: Journal) {
    this.#client = client;
    this.#journal = journal;
  }

  /** Those that have not settled, now. */
  get all(): readonly OpenCall[] {
    const client = this.#client;
    const asked = [...this.#asked.values()].map(({ from, resources }) => ({
      ...{ client, from, what: `acquire of ${resources.join(" and ")}` },
    }));
    const orders = [...this.#orders.values()].map(({ from, what }) => ({ client, from, what }));
    return [...asked, ...orders];
  }

  /** A call of acquire. */
  ask(key: string, span: AskedSpan): void {
    this.#asked.set(key, span);
  }

  answer(key: string, span: RequestSpan): void {
    this.#asked.delete(key);
    this.#journal.requests.push({ ...span, client: this.#client });
  }

  /** Whatever else it is told to do with its lock; `done` when it is done, or its process gone. */
  order(what: string): { readonly order: number; readonly done: Promise<void> } {
    const order = this.#count++;
    const from = this.#journal.now();
    const done = new Promise<void>((settle) => {
      this.#orders.set(order, { client: this.#client, what, from, settle });
    });
    return { order, done };
  }

  carriedOut(order: number): void {
    this.#orders.get(order)?.settle();
    this.#orders.delete(order);
  }

  /** The process that called is gone: nothing of it is ever answered. */
  abandon(): void {
    const until = this.#journal.now();
    for (const span of this.#asked.values()) {
      const request = { ...span, until, outcome: "unsettled" as const, client: this.#client };
      this.#journal.requests.push(request);
    }
    this.#asked.clear();
    for (const order of this.#orders.keys()) this.carriedOut(order);
  }
}
