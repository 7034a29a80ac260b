import { byId, type Chart } from "./chart.ts";
import type { Thing } from "./scene.ts";
import { tell } from "./tell.ts";
import { count, instant } from "./wording.ts";

const most = 200;

/** What is in view, in words, for those who do not see the picture or want to copy it. */
export class InWords {
  readonly #chart: Chart;
  readonly #details: HTMLDetailsElement;
  readonly #list: HTMLElement;
  #wait = 0;

  constructor(chart: Chart) {
    this.#chart = chart;
    this.#details = byId("in-words") as HTMLDetailsElement;
    this.#list = this.#details.querySelector("ol") as HTMLElement;
    this.#details.addEventListener("toggle", () => this.follow());
  }

  /** Writes it anew when the view has come to rest. */
  follow(): void {
    clearTimeout(this.#wait);
    if (this.#details.open) this.#wait = setTimeout(() => this.#write(), 150);
  }

  #write(): void {
    const { view, rows } = this.#chart;
    const things = new Set<Thing>();
    for (const { content, isShown } of rows) {
      if (isShown) for (const thing of content.things(view.from, view.until)) things.add(thing);
    }
    const told = [...things];
    const shown = told.toSorted((a, b) => a.from - b.from).slice(0, most);
    this.#list.replaceChildren(...shown.map((thing) => this.#item(thing)));
    const rest = told.length - shown.length;
    const note = this.#details.querySelector("p") as HTMLElement;
    note.textContent =
      count(told.length, "thing") +
      (rest > 0 ? `, the first ${most} of them here. Zoom in for the rest.` : "");
  }

  #item(thing: Thing): HTMLElement {
    const { title, facts } = tell(thing, this.#chart.scene);
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = instant(thing.from, 0.1);
    const rest = facts.map(([name, value]) => `${name}: ${value}`).join("; ");
    const small = document.createElement("small");
    small.textContent = rest;
    item.append(time, ` ${title} `, small);
    return item;
  }
}
