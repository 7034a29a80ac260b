import { smallFont, type Brush } from "./brush.ts";
import type { Overlap, Scene } from "./scene.ts";
import { duration } from "./wording.ts";

const line = 22;
const padding = 4;
const leastHeight = 44;
const leastWidth = 6;

/** From where to where there is nothing else. */
type Room = readonly [left: number, right: number];

/** One line for two locks at once, one for two at work at once, as far as there are any. */
export class OverlapRow {
  readonly #scene: Scene;
  /** Whether two were guaranteed at once anywhere. */
  readonly hasLocks: boolean;
  readonly height: number;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { items } = scene.overlaps;
    this.hasLocks = items.some(({ isOfLocks }) => isOfLocks);
    const hasSections = items.some(({ isOfLocks }) => !isOfLocks);
    this.height = Math.max(
      leastHeight,
      padding * 2 + line * (Number(this.hasLocks) + Number(hasSections)),
    );
  }

  /** Whether it stands on the line at that height. */
  isOnLine({ isOfLocks }: Overlap, y: number): boolean {
    return !this.hasLocks || isOfLocks === y < padding + line;
  }

  draw(brush: Brush, isShown: (overlap: Overlap) => boolean): void {
    brush.begin(this.height);
    const { from, until } = brush.view;
    const inView = this.#scene.overlaps.within(from, until).filter(isShown);
    this.#drawLine(
      brush,
      inView.filter(({ isOfLocks }) => isOfLocks),
      padding,
    );
    const second = this.hasLocks ? padding + line : padding;
    this.#drawLine(
      brush,
      inView.filter(({ isOfLocks }) => !isOfLocks),
      second,
    );
  }

  /** Those that are as close as the eye cannot part them become one flag that says how many. */
  #drawLine(brush: Brush, overlaps: readonly Overlap[], y: number): void {
    const { view } = brush;
    let group: Overlap[] = [];
    const groups: Overlap[][] = [];
    for (const overlap of overlaps) {
      const last = group.at(-1);
      if (last === undefined || view.x(overlap.from) > view.x(last.until) + 14) {
        group = [];
        groups.push(group);
      }
      group.push(overlap);
    }
    let left = 0;
    for (const [index, each] of groups.entries()) {
      const next = groups[index + 1]?.[0];
      const right = next === undefined ? brush.width : view.x(next.from) - 8;
      left = this.#drawFlag(brush, each, y, [left, right]) + 8;
    }
  }

  /** A flag with its words: in it, else right of it, else left of it, where there is room. */
  #drawFlag(brush: Brush, group: readonly Overlap[], y: number, [left, right]: Room): number {
    const [first] = group;
    if (first === undefined) return left;
    const { palette, context } = brush;
    const tone = first.isOfLocks ? "alarm" : "warn";
    const span = { from: first.from, until: Math.max(...group.map(({ until }) => until)) };
    const { x, width } = brush.bar(span, y + 2, line - 6, palette.of(tone), leastWidth);
    const end = x + width;
    const words = group.length === 1 ? this.#words(first) : `${group.length} times`;
    context.font = smallFont;
    const long = context.measureText(words).width;
    const begin = Math.max(x, 0) + 6;
    const middle = y + line / 2 - 1;
    const inked = palette.of(`${tone}-ink`);
    if (long <= Math.min(end, brush.width) - begin - 4) {
      brush.text(words, begin, middle, palette.of("on-tone"), long, smallFont);
    } else if (end + 6 + long <= right) {
      brush.text(words, end + 6, middle, inked, long, smallFont);
      return end + 6 + long;
    } else if (x - 6 - long >= left) {
      brush.text(words, x - 6 - long, middle, inked, long, smallFont);
    }
    return end;
  }

  #words({ first, second, isOfLocks, from, until }: Overlap): string {
    const names = [first, second].map(({ client }) => this.#scene.clients[client]?.name);
    const what = isOfLocks ? "two locks" : "two at work";
    return `${what}, ${duration(until - from)}: ${names.join(" and ")}`;
  }
}
