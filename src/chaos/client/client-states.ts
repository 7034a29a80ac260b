import type { ClientState } from "../lane.ts";
import type { Journal } from "../run/journal.ts";

/** Writes down when a client is not simply running. */
export class ClientStates {
  readonly #client: string;
  readonly #journal: Journal;

  constructor(client: string, journal: Journal) {
    this.#client = client;
    this.#journal = journal;
  }

  begin(state: ClientState["state"], about: string): void {
    const content = { client: this.#client, state, about };
    this.#journal.clientStates.begin(this.#key(state), this.#journal.now(), content);
  }

  end(state: ClientState["state"]): void {
    this.#journal.clientStates.end(this.#key(state), this.#journal.now());
  }

  isOpen(state: ClientState["state"]): boolean {
    return this.#journal.clientStates.isOpen(this.#key(state));
  }

  /** One that ends by itself. */
  last(state: ClientState["state"], ms: number, about: string): void {
    const from = this.#journal.now();
    const content = { client: this.#client, state, about };
    this.#journal.clientStates.cover(this.#key(state), { from, until: from + ms }, content);
  }

  #key(state: ClientState["state"]): string {
    return `${this.#client} ${state}`;
  }
}
