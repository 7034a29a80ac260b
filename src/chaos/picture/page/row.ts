import { Brush } from "./brush.ts";
import type { Palette } from "./palette.ts";
import type { Thing } from "./scene.ts";
import type { View } from "./view.ts";

/** What fills a row. */
export interface RowContent {
  /** What stands before it. */
  readonly name: string;
  readonly note: string;
  readonly kind: "axis" | "faults" | "overlaps" | "work overlaps" | "client" | "node" | "group";
  readonly height: number;
  /** What in it can be pointed at, in the order of time. */
  things(from: number, until: number): readonly Thing[];
  /** What is at that place, if anything is. */
  pick(x: number, y: number): Thing | undefined;
  draw(brush: Brush): void;
}

/** One row of the chart: a name and a canvas, drawn only while it can be seen. */
export class Row {
  readonly element: HTMLElement;
  readonly content: RowContent;
  readonly strip: HTMLElement;
  isInSight = true;
  #isStale = true;
  readonly #brush: Brush;

  constructor(content: RowContent, view: View, palette: Palette) {
    this.content = content;
    this.element = document.createElement("div");
    this.element.className = `row ${content.kind}`;
    this.element.style.height = `${content.height}px`;
    const name = document.createElement("div");
    name.className = "name";
    name.append(textElement("b", content.name), textElement("span", content.note));
    name.title = `${content.name} ${content.note}`.trim();
    this.strip = document.createElement("div");
    this.strip.className = "strip";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    this.strip.append(canvas);
    this.element.append(name, this.strip);
    this.#brush = new Brush(canvas, view, palette);
  }

  get isShown(): boolean {
    return !this.element.hidden;
  }

  /** Soon enough when it comes into sight, unless everything shall be drawn. */
  draw(isForced: boolean = false): void {
    this.#isStale ||= !isForced;
    if (!this.isShown || (!this.isInSight && !isForced) || !this.#isStale) return;
    this.content.draw(this.#brush);
    this.#isStale = false;
  }
}

function textElement(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
