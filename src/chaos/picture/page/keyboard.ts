import type { Chart } from "./chart.ts";
import type { Row } from "./row.ts";
import type { Thing } from "./scene.ts";
import { tell } from "./tell.ts";

const panShare = 0.2;

/** Everything without a pointer: arrows go from thing to thing and from row to row. */
export function listenToKeyboard(chart: Chart, say: (words: string) => void): void {
  const keyboard = new Keyboard(chart, say);
  chart.element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (keyboard.press(event)) event.preventDefault();
  });
  chart.element.addEventListener("blur", () => chart.element.classList.remove("by-key"));
}

class Keyboard {
  readonly #chart: Chart;
  readonly #say: (words: string) => void;
  #row: Row | undefined;

  constructor(chart: Chart, say: (words: string) => void) {
    this.#chart = chart;
    this.#say = say;
  }

  /** Whether the key means something here. */
  press({ key, shiftKey }: KeyboardEvent): boolean {
    const { view } = this.#chart;
    const actions: Record<string, () => void> = {
      ArrowRight: () => (shiftKey ? view.pan(panShare) : this.#step(1)),
      ArrowLeft: () => (shiftKey ? view.pan(-panShare) : this.#step(-1)),
      ArrowDown: () => this.#changeRow(1),
      ArrowUp: () => this.#changeRow(-1),
      "+": () => view.zoom(0.5, this.#middle()),
      "=": () => view.zoom(0.5, this.#middle()),
      "-": () => view.zoom(2, this.#middle()),
      "0": () => view.glide({ from: 0, until: view.durationMs }),
      Home: () => view.show(0, view.length),
      End: () => view.show(view.durationMs - view.length, view.durationMs),
      Enter: () => this.#zoomToChosen(),
      Escape: () => this.#chart.choose(undefined),
    };
    actions[key]?.();
    return key in actions;
  }

  /** What is chosen, if it is in view, stays in the middle of what is done. */
  #middle(): number {
    const { view, chosen } = this.#chart;
    const middle = chosen === undefined ? NaN : (chosen.from + chosen.until) / 2;
    return middle > view.from && middle < view.until ? middle : (view.from + view.until) / 2;
  }

  #zoomToChosen(): void {
    const { chosen } = this.#chart;
    if (chosen !== undefined) this.#chart.goTo(chosen);
  }

  /** To the next thing of the row, or the one before. */
  #step(direction: 1 | -1): void {
    const { view, chosen } = this.#chart;
    this.#row ??= this.#rows()[0];
    const things = this.#row?.content.things(0, view.durationMs) ?? [];
    const place = chosen === undefined ? -1 : things.indexOf(chosen);
    const inView = things.findIndex(({ from }) => from >= view.from);
    const next = place === -1 ? Math.max(inView, 0) : place + direction;
    const thing = things[Math.min(Math.max(next, 0), things.length - 1)];
    if (thing !== undefined) this.#choose(thing);
  }

  #changeRow(direction: 1 | -1): void {
    const rows = this.#rows();
    const place =
      this.#row === undefined ? (direction === 1 ? -1 : rows.length) : rows.indexOf(this.#row);
    this.#row = rows[Math.min(Math.max(place + direction, 0), rows.length - 1)];
    const at = this.#middle();
    const { view } = this.#chart;
    const things = this.#row?.content.things(view.from, view.until) ?? [];
    const near = things.toSorted((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))[0];
    if (near === undefined) this.#say(`${this.#row?.content.name ?? ""}: nothing in view`);
    else this.#choose(near);
  }

  #rows(): Row[] {
    return this.#chart.rows.filter(
      ({ content, isShown }) => isShown && content.kind !== "axis" && content.kind !== "group",
    );
  }

  #choose(thing: Thing): void {
    const { view, element, scene } = this.#chart;
    element.classList.add("by-key");
    if (thing.from < view.from || thing.from > view.until) {
      const middle = thing.from - view.length / 3;
      view.show(middle, middle + view.length);
    }
    const row = this.#row?.element;
    row?.scrollIntoView({ block: "nearest" });
    const box = this.#row?.strip.getBoundingClientRect();
    const x = (box?.left ?? 0) + Math.max(view.x(thing.from), 0);
    this.#chart.card.isPinned = true;
    this.#chart.choose(thing, { x, y: box?.bottom ?? 0 });
    const { title, facts } = tell(thing, scene);
    this.#say([title, ...facts.map(([name, value]) => `${name} ${value}`)].join("; "));
  }
}
