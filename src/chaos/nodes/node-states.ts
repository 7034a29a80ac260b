import type { NodeState, Span } from "../lane.ts";
import type { Journal } from "../run/journal.ts";

/** Writes down how a node is. */
export class NodeStates {
  readonly #node: string;
  readonly #journal: Journal;

  constructor(node: string, journal: Journal) {
    this.#node = node;
    this.#journal = journal;
  }

  begin(state: NodeState["state"], about: string, more: { clockOffsetMs?: number } = {}): void {
    const content = { node: this.#node, state, about, ...more };
    this.#journal.nodeStates.begin(this.#key(state), this.#journal.now(), content);
  }

  end(...states: readonly NodeState["state"][]): void {
    for (const state of states) {
      this.#journal.nodeStates.end(this.#key(state), this.#journal.now());
    }
  }

  isOpen(state: NodeState["state"]): boolean {
    return this.#journal.nodeStates.isOpen(this.#key(state));
  }

  /** One whose end is known. */
  cover(state: NodeState["state"], span: Span, about: string): void {
    this.#journal.nodeStates.cover(this.#key(state), span, { node: this.#node, state, about });
  }

  /** One that ends by itself. */
  last(state: NodeState["state"], ms: number, about: string): void {
    const from = this.#journal.now();
    this.cover(state, { from, until: from + ms }, about);
  }

  killed(): void {
    this.end("up", "frozen");
    this.begin("down", "its process was killed");
  }

  started(url: string): void {
    this.end("down");
    this.begin("up", `${url} answers`);
  }

  freezing(): void {
    this.begin("frozen", "its process is stopped: it keeps connections and answers nothing");
  }

  /** @param rate by which it is too fast; 0 with an offset of 0: it is right again. */
  clockSet(offsetMs: number, rate: number): void {
    this.end("clock");
    if (offsetMs === 0 && rate === 0) return;
    const faster = rate === 0 ? "" : `, and goes ${rate * 100} % faster`;
    this.begin("clock", `its clock is ${offsetMs} ms off${faster}`, { clockOffsetMs: offsetMs });
  }

  #key(state: NodeState["state"]): string {
    return `${this.#node} ${state}`;
  }
}
