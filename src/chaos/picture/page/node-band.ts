import { smallFont, type Brush } from "./brush.ts";
import { coverage, drawCoverage } from "./dense-lane.ts";
import type { Node, NodeMark, Operation, State } from "./scene.ts";

const padding = 5;
const stateHeight = 17;
const linkHeight = 15;
const markHeight = 13;
const densest = 0.6;

interface Tone {
  readonly color: string;
  readonly pattern: "rising" | "falling" | "dots" | "cross";
}

const tones: Readonly<Record<string, Tone>> = {
  down: { color: "down", pattern: "cross" },
  frozen: { color: "frozen", pattern: "rising" },
  quarantined: { color: "quarantine", pattern: "dots" },
  clock: { color: "clock", pattern: "falling" },
};
const otherTone: Tone = { color: "frozen", pattern: "dots" };

interface Box {
  readonly y: number;
  readonly height: number;
  readonly tone: Tone;
  /** Up to where its words may stand. */
  readonly room: number;
}

/** Draws the band of one node: how it was, whom it could not hear, how it voted. */
export class NodeBand {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get height(): number {
    const { trackCount, links } = this.node;
    const linkRoom = links.items.length > 0 ? linkHeight + 2 : 0;
    return padding * 2 + trackCount * (stateHeight + 2) + linkRoom + markHeight;
  }

  /** Below this its votes are drawn. */
  get markTop(): number {
    return this.height - padding - markHeight;
  }

  /** What stands on the line at that height. */
  statesAt(from: number, until: number, y: number): State[] {
    const { links, trackCount } = this.node;
    const line = Math.floor((y - padding) / (stateHeight + 2));
    const found = line >= trackCount ? links.within(from, until) : [];
    if (found.length > 0) return found;
    return this.notable(from, until).filter(({ track }) => track === line);
  }

  /** When it was not simply up. */
  notable(from: number, until: number): State[] {
    return this.node.states.within(from, until).filter(({ state }) => state !== "up");
  }

  draw(brush: Brush, isShown: (operation: Operation) => boolean): void {
    brush.begin(this.height);
    const { from, until } = brush.view;
    this.#drawStates(brush);
    this.#drawLinks(brush);
    const { marks } = this.node;
    const inView = marks.within(from, until).filter(({ operation }) => isShown(operation));
    if (inView.length > brush.width * densest) this.#drawDense(brush, inView);
    else for (const mark of inView) this.#drawMark(brush, mark);
  }

  #drawStates(brush: Brush): void {
    const { view, palette } = brush;
    const states = this.node.states.within(view.from, view.until);
    for (const span of states.filter(({ state }) => state === "up")) {
      brush.bar(span, padding + stateHeight / 2 - 1.5, 3, palette.of("up"));
    }
    for (const [span, room] of roomsOf(this.notable(view.from, view.until), brush)) {
      const y = padding + span.track * (stateHeight + 2);
      const tone = tones[span.state] ?? otherTone;
      drawLabelled(brush, span, { y, height: stateHeight, tone, room });
    }
  }

  #drawLinks(brush: Brush): void {
    const y = padding + this.node.trackCount * (stateHeight + 2);
    const links = this.node.links.within(brush.view.from, brush.view.until);
    for (const [span, room] of roomsOf(links, brush)) {
      const tone: Tone = span.state === "cut" ? { color: "cut", pattern: "rising" } : otherTone;
      drawLabelled(brush, span, { y, height: linkHeight, tone, room });
    }
  }

  #drawMark(brush: Brush, { from, what, operation }: NodeMark): void {
    const { palette, view, context } = brush;
    const [x, y] = [view.x(from), this.markTop + markHeight / 2];
    const color = palette.resource(operation.resources[0] ?? 0);
    if (what === "vote") {
      brush.bar({ from, until: from }, this.markTop + 1, markHeight - 2, color, 2.5);
    } else if (what === "refusal") {
      context.strokeStyle = palette.of("wait-edge");
      context.lineWidth = 1.25;
      context.beginPath();
      context.arc(x, y, 2.6, 0, 7);
      context.stroke();
    } else {
      brush.disc(x, y, 6, palette.of(what === "quarantined vote" ? "alarm" : "warn"));
      brush.cross(x, y, 2.4, palette.of("card"), 1.75);
    }
  }

  #drawDense(brush: Brush, marks: readonly NodeMark[]): void {
    const { palette } = brush;
    const wide = 1.2 / (brush.width / brush.view.length);
    const votes = marks.filter(({ what }) => what === "vote");
    const spans = votes.map(({ from }) => ({ from, until: from + wide }));
    drawCoverage(
      brush,
      coverage(brush, spans),
      this.markTop + 2,
      markHeight - 4,
      palette.of("vote"),
    );
    let last = -Infinity;
    for (const mark of marks) {
      const x = brush.view.x(mark.from);
      if (mark.what === "vote" || mark.what === "refusal" || x < last + 10) continue;
      this.#drawMark(brush, mark);
      last = x;
    }
  }
}

/** A bar with its pattern, its frame and its words: in it, or behind it if there is room. */
function drawLabelled(brush: Brush, span: State, box: Box): void {
  const { palette, context } = brush;
  const { y, height, tone, room } = box;
  const { x, width } = brush.bar(span, y, height, palette.of(`${tone.color}-soft`), 2);
  brush.frame(x, y, width, height, palette.of(tone.color), 1.25);
  const begin = Math.max(x, 0);
  const end = Math.min(x + width, brush.width);
  context.font = smallFont;
  const words = context.measureText(span.label).width;
  const isInside = words + 12 <= end - begin;
  const patternFrom = isInside ? begin + words + 12 : begin + 1;
  context.globalAlpha = 0.55;
  context.fillStyle = palette.pattern(tone.color, tone.pattern);
  context.fillRect(patternFrom, y + 1, Math.max(0, end - patternFrom - 1), height - 2);
  context.globalAlpha = 1;
  const middle = y + height / 2 + 0.5;
  if (isInside) brush.text(span.label, begin + 6, middle, palette.of("ink"), end, smallFont);
  else if (words <= room - end - 10) {
    // So that the line of a node that is up does not cross the words.
    context.fillStyle = palette.of("card");
    context.fillRect(end + 2, y, words + 6, height);
    brush.text(span.label, end + 5, middle, palette.of("muted"), room, smallFont);
  }
}

/** Where on each line the next state begins. */
function roomsOf(states: readonly State[], { view, width }: Brush): Map<State, number> {
  const next = new Map<number, number>();
  const rooms = new Map<State, number>();
  for (const state of states.toReversed()) {
    rooms.set(state, next.get(state.track) ?? width);
    next.set(state.track, view.x(state.from));
  }
  return rooms;
}
