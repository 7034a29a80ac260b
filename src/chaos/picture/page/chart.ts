import { Card } from "./card.ts";
import { Filter } from "./filter.ts";
import { Overlay } from "./overlay.ts";
import { Overview } from "./overview.ts";
import { Palette } from "./palette.ts";
import { Row } from "./row.ts";
import { contentsOf } from "./rows.ts";
import type { Scene, Stretch, Thing } from "./scene.ts";
import { tell } from "./tell.ts";
import { View } from "./view.ts";

/** After so long without a change, rows are drawn that nobody sees: the page may be printed. */
const restMs = 400;

/** The picture: rows, what lies across them, and what is chosen. Draws at most once for each frame. */
export class Chart {
  readonly scene: Scene;
  readonly view: View;
  readonly filter: Filter;
  readonly palette: Palette = new Palette();
  readonly rows: readonly Row[];
  readonly element: HTMLElement;
  readonly card: Card;
  /** Called after each drawing. */
  onDraw: () => void = () => {};
  chosen: Thing | undefined;
  readonly #overlay: Overlay;
  readonly #overview: Overview;
  #isDue = false;
  #rest = 0;
  #isOverviewDue = true;

  constructor(scene: Scene) {
    this.scene = scene;
    this.view = new View(scene.durationMs, () => this.redraw());
    this.filter = new Filter(scene);
    this.element = byId("chart");
    this.card = new Card(byId("card"));
    this.rows = contentsOf(scene, this.view, this.filter).map(
      (content) => new Row(content, this.view, this.palette),
    );
    this.element.prepend(...this.rows.map(({ element }) => element));
    this.#overlay = new Overlay(this.element, this);
    this.#overview = new Overview(byId("overview"), scene, this.view, this.palette);
    this.#watch();
  }

  /** Soon: when the browser draws next. */
  redraw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Makes it the chosen one: it is framed, its votes are drawn, and the card says what it is. */
  choose(thing: Thing | undefined, at?: { readonly x: number; readonly y: number }): void {
    this.chosen = thing;
    if (thing === undefined) this.card.hide();
    else if (at !== undefined) this.card.show(tell(thing, this.scene), at.x, at.y);
    this.redraw();
  }

  /** Shows a place with room around it. */
  goTo(place: Stretch): void {
    this.view.glide(this.view.around(place));
  }

  pointAt(x: number | undefined): void {
    this.#overlay.pointAt(x);
  }

  /** Puts the filter into effect. */
  applyFilter(): void {
    this.rows
      .filter(({ content }) => content.kind === "client")
      .forEach(({ element }, client) => {
        element.hidden = !this.filter.isClientShown(client);
      });
    this.choose(undefined);
  }

  #draw(): void {
    this.view.width = Math.max(this.rows[0]?.strip.clientWidth ?? 1, 1);
    if (this.#isOverviewDue) this.#overview.draw();
    this.#isOverviewDue = false;
    this.#overview.follow();
    for (const row of this.rows) row.draw();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.rows.forEach((row) => row.draw(true)), restMs);
    this.#overlay.draw(this.chosen);
    this.onDraw();
  }

  /** Rows out of sight wait; another width or another theme draws everything anew. */
  #watch(): void {
    const again = (): void => {
      this.palette.refresh();
      this.#isOverviewDue = true;
      this.redraw();
    };
    new ResizeObserver(again).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    const rows = new Map(this.rows.map((row) => [row.element as Element, row]));
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const row = rows.get(target);
          if (row !== undefined) row.isInSight = isIntersecting;
        }
        this.redraw();
      },
      { rootMargin: "200px 0px" },
    );
    for (const element of rows.keys()) observer.observe(element);
  }
}

export function byId(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}
