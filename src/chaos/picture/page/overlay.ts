import type { Filter } from "./filter.ts";
import type { Row } from "./row.ts";
import type { NodeMark, Operation, Overlap, Scene, Thing } from "./scene.ts";
import type { View } from "./view.ts";

const svg = "http://www.w3.org/2000/svg";
const mostBands = 200;
const leastWidth = 4;

/** What lies across the rows: overlaps, the line under the pointer, the votes of what is chosen. */
export class Overlay {
  readonly #scene: Scene;
  readonly #view: View;
  readonly #filter: Filter;
  readonly #rows: readonly Row[];
  /** What stands in the ground now. */
  #drawn = "";
  readonly #bands = groupElement("bands");
  readonly #chosen = groupElement("chosen");
  readonly #hair = groupElement("hair");

  constructor(
    chart: HTMLElement,
    {
      scene,
      view,
      filter,
      rows,
    }: { scene: Scene; view: View; filter: Filter; rows: readonly Row[] },
  ) {
    this.#scene = scene;
    this.#view = view;
    this.#filter = filter;
    this.#rows = rows;
    chart.querySelector("svg.ground")?.append(this.#bands);
    chart.querySelector("svg.front")?.append(this.#chosen, this.#hair);
  }

  draw(chosen: Thing | undefined): void {
    this.#drawBands();
    this.#chosen.replaceChildren();
    if (chosen !== undefined) this.#drawChosen(chosen);
  }

  /** The line at an instant, through all rows; none if undefined. */
  pointAt(x: number | undefined): void {
    this.#hair.replaceChildren();
    if (x === undefined) return;
    const bottom = Math.max(...this.#rows.map((row) => bottomOf(row)));
    this.#hair.append(shape("line", { x1: x, x2: x, y1: 0, y2: bottom }));
  }

  #drawBands(): void {
    const { from, until } = this.#view;
    const inView = this.#scene.overlaps.within(from, until).filter(this.#filter.isOverlapShown);
    const lanes = this.#rows.filter(({ content, isShown }) => content.kind === "client" && isShown);
    const top =
      this.#rows.find(({ content }) => content.kind.endsWith("overlaps"))?.element.offsetTop ?? 0;
    const height = Math.max(0, ...lanes.map(bottomOf)) - top;
    const bands = [...this.#merged(inView, false), ...this.#merged(inView, true)];
    const shapes = bands.flatMap(({ x, width, isOfLocks, clients }) => {
      const pair = isOfLocks ? lanes.filter(({ content }) => clients.has(content.name)) : [];
      const name = isOfLocks ? "overlap locks" : "overlap sections";
      return [
        { class: name, x, width, y: top, height },
        ...pair.map(({ element }) => {
          const { offsetTop: y, offsetHeight } = element;
          return { class: "overlap pair", x, width, y, height: offsetHeight };
        }),
      ];
    });
    const key = JSON.stringify(shapes);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#bands.replaceChildren(...shapes.map((each) => shape("rect", each)));
  }

  /** Those that would be drawn upon each other, as one. */
  #merged(overlaps: readonly Overlap[], isOfLocks: boolean): Band[] {
    const bands: Band[] = [];
    for (const overlap of overlaps) {
      if (overlap.isOfLocks !== isOfLocks || bands.length >= mostBands) continue;
      const x = Math.max(this.#view.x(overlap.from), -4);
      const end = Math.min(this.#view.x(overlap.until), this.#view.width + 4);
      const last = bands.at(-1);
      const isNext = last !== undefined && x <= last.x + last.width + 2;
      const clients = isNext ? last.clients : new Set<string>();
      for (const { client } of [overlap.first, overlap.second]) {
        clients.add(this.#scene.clients[client]?.name ?? "");
      }
      if (isNext) last.width = Math.max(last.width, end - last.x);
      else bands.push({ x, width: Math.max(end - x, leastWidth), isOfLocks, clients });
    }
    return bands;
  }

  #drawChosen(chosen: Thing): void {
    const operations = operationsOf(chosen);
    for (const operation of operations) {
      this.#ring(operation, operation.client);
      this.#drawVotes(operation);
    }
    if (operations.length === 0 || chosen.kind === "mark") {
      const row = this.#rows.find(({ content }) =>
        content.things(chosen.from, chosen.until).includes(chosen),
      );
      if (row !== undefined) this.#ringIn(row, chosen);
    }
  }

  #ring(thing: Thing, client: number): void {
    const row = this.#laneOf(client);
    if (row?.isShown === true) this.#ringIn(row, thing);
  }

  #ringIn(row: Row, { from, until }: Thing): void {
    const x = Math.max(this.#view.x(from), -6) - 3;
    const width = Math.min(this.#view.x(until), this.#view.width + 6) + 3 - x;
    if (width < 0) return;
    const { offsetTop: y, offsetHeight: height } = row.element;
    this.#chosen.append(shape("rect", { x, width, y: y + 2, height: height - 4, rx: 4 }));
  }

  /** From its lane to every node that answered: to what it answered last, or when the lock was granted. */
  #drawVotes(operation: Operation): void {
    const lane = this.#laneOf(operation.client);
    const nodes = this.#rows.filter(({ content }) => content.kind === "node");
    if (lane?.isShown !== true) return;
    for (const { from, node, what } of decisive(operation)) {
      const band = nodes[node];
      const x = this.#view.x(from);
      if (band === undefined || x < 0 || x > this.#view.width) continue;
      const name = what === "vote" ? "vote" : "answer";
      const y2 = bottomOf(band) - 11;
      this.#chosen.append(shape("line", { class: name, x1: x, x2: x, y1: bottomOf(lane), y2 }));
      this.#chosen.append(shape("circle", { class: name, cx: x, cy: y2, r: 5 }));
    }
  }

  #laneOf(client: number): Row | undefined {
    return this.#rows.filter(({ content }) => content.kind === "client")[client];
  }
}

interface Band {
  readonly x: number;
  width: number;
  readonly isOfLocks: boolean;
  /** Their names. */
  readonly clients: Set<string>;
}

/** The operations that something is about. */
function operationsOf(thing: Thing): Operation[] {
  if (thing.kind === "operation") return [thing];
  if (thing.kind === "overlap") return [thing.first, thing.second];
  return thing.kind === "mark" ? [thing.operation] : [];
}

/** Of each node the one answer that counted, as far as that can be seen: the nearest to the grant. */
function decisive({ marks, grant, until }: Operation): NodeMark[] {
  const at = grant?.from ?? until;
  const nearest = new Map<number, NodeMark>();
  for (const mark of marks) {
    const known = nearest.get(mark.node);
    if (known === undefined || Math.abs(mark.from - at) < Math.abs(known.from - at)) {
      nearest.set(mark.node, mark);
    }
  }
  return [...nearest.values()];
}

function bottomOf({ element }: Row): number {
  return element.offsetTop + element.offsetHeight;
}

function groupElement(name: string): SVGElement {
  const element = document.createElementNS(svg, "g");
  element.setAttribute("class", name);
  return element;
}

function shape(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
