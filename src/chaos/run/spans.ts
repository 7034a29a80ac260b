import type { Span } from "../lane.ts";

/** Stretches of time that begin and end while something is observed, each under a key. */
export class Spans<Content> {
  readonly #open = new Map<string, { readonly from: number; readonly content: Content }>();
  readonly #covering = new Map<string, number>();
  readonly #closed: (Span & Content)[] = [];

  /** Begins one; one of the same key that has not ended goes on. */
  begin(key: string, at: number, content: Content): void {
    if (!this.#open.has(key)) this.#open.set(key, { from: at, content });
  }

  /** Ends it, if it has begun. */
  end(key: string, at: number): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    this.#open.delete(key);
    this.#closed.push({ ...open.content, from: open.from, until: Math.max(at, open.from) });
  }

  /** Ends all whose keys begin like this. */
  endAll(prefix: string, at: number): void {
    for (const key of [...this.#open.keys()]) if (key.startsWith(prefix)) this.end(key, at);
  }

  /** One whose end is known. What covers the same goes into one. */
  cover(key: string, span: Span, content: Content): void {
    const place = this.#covering.get(key);
    const known = place === undefined ? undefined : this.#closed[place];
    if (place !== undefined && known !== undefined && span.from <= known.until) {
      const until = Math.max(known.until, span.until);
      this.#closed[place] = { ...content, from: known.from, until };
      return;
    }
    this.#covering.set(key, this.#closed.length);
    this.#closed.push({ ...content, ...span });
  }

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  /** All of them in the order of their beginnings; those that have not ended do so now. */
  take(at: number): (Span & Content)[] {
    this.endAll("", at);
    return this.#closed.toSorted((a, b) => a.from - b.from);
  }
}
