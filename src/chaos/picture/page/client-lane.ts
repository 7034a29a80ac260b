import { numberFont, smallFont, type Brush } from "./brush.ts";
import { drawDense } from "./dense-lane.ts";
import { drawOperation, type LaneLine } from "./operation-bar.ts";
import type { Client, Operation, Scene } from "./scene.ts";

const padding = 5;
const trackHeight = 35;
const stateHeight = 15;
/** More operations than this for a pixel are drawn as what they come to. */
const densest = 0.35;
const tokenRoom = 5;

/** Draws the lane of one client; what of it is hidden by the filter is not drawn. */
export class ClientLane {
  readonly client: Client;
  readonly #scene: Scene;

  constructor(scene: Scene, client: Client) {
    this.#scene = scene;
    this.client = client;
  }

  get height(): number {
    const { trackCount, states } = this.client;
    return padding * 2 + trackCount * trackHeight + (states.items.length > 0 ? stateHeight : 0);
  }

  isOnTrack({ track }: Operation, y: number): boolean {
    const { top } = this.#line({ track });
    return y >= top && y < top + trackHeight;
  }

  draw(brush: Brush, isShown: (operation: Operation) => boolean): void {
    brush.begin(this.height);
    const { from, until } = brush.view;
    this.#drawGround(brush);
    const { operations, trackCount } = this.client;
    const inView = operations.within(from, until).filter(isShown);
    const isDense = inView.length > brush.width * densest * trackCount;
    if (isDense) drawDense(brush, inView, this.#line({ track: 0 }));
    else for (const each of inView) drawOperation(brush, each, this.#line(each));
    this.#drawOverlaps(brush, isShown);
    if (!isDense) this.#drawTokens(brush, inView);
    this.#drawStates(brush);
  }

  #line({ track }: { readonly track: number }): LaneLine {
    const top = padding + track * trackHeight;
    return { top, label: top + 6, bar: top + 13, barHeight: 15, belief: top + 30, beliefHeight: 3 };
  }

  /** When the client was not simply running, its whole lane says so. */
  #drawGround(brush: Brush): void {
    const { context, view, palette } = brush;
    for (const span of this.client.states.within(view.from, view.until)) {
      const tone = span.state === "down" ? "down" : "frozen";
      context.globalAlpha = 0.16;
      brush.bar(span, 0, this.height, palette.of(tone), 1.5);
      context.globalAlpha = 0.5;
      brush.bar(span, 0, this.height, palette.pattern(tone, patternOf(span.state)), 1.5);
      context.globalAlpha = 1;
    }
  }

  #drawStates(brush: Brush): void {
    const { view, palette } = brush;
    const y = this.height - stateHeight;
    for (const span of this.client.states.within(view.from, view.until)) {
      const tone = palette.of(span.state === "down" ? "down" : "frozen");
      const { x, width } = brush.bar(span, y, stateHeight, tone, 2);
      const begin = Math.max(x, 0);
      const room = x + width - begin - 8;
      brush.text(span.label, begin + 5, y + 8, palette.of("on-tone"), room, smallFont);
    }
  }

  /** Where two had the lock, the bar itself turns to what nobody takes for anything else. */
  #drawOverlaps(brush: Brush, isShown: (operation: Operation) => boolean): void {
    const { view, palette } = brush;
    let last = -Infinity;
    for (const overlap of this.client.overlaps.within(view.from, view.until)) {
      const { first, second, isOfLocks } = overlap;
      if (!isOfLocks || view.x(overlap.until) < last + 1) continue;
      for (const each of [first, second]) {
        if (this.#scene.clients[each.client] !== this.client || !isShown(each)) continue;
        const { bar, barHeight } = this.#line(each);
        const { x, width } = brush.bar(overlap, bar, barHeight, palette.of("alarm-soft"), 3);
        brush.bar(overlap, bar, barHeight, palette.pattern("alarm", "rising"), 3);
        for (const section of each.sections) {
          const span = {
            from: Math.max(section.from, overlap.from),
            until: Math.min(section.until, overlap.until),
          };
          if (span.until > span.from)
            brush.bar(span, bar + 3, barHeight - 6, palette.of("alarm"), 1);
        }
        brush.frame(x, bar - 1, width, barHeight + 2, palette.of("alarm"), 2);
        last = x + width;
      }
    }
  }

  /** A token hangs on its grant, if there is room before the next operation begins. */
  #drawTokens(brush: Brush, operations: readonly Operation[]): void {
    const { view, palette, context } = brush;
    context.font = numberFont;
    const next = new Map<number, number>();
    for (const { grant, track, from } of operations.toReversed()) {
      const room = next.get(track) ?? brush.width;
      const x = Math.max(view.x(grant?.from ?? from), 2);
      next.set(track, Math.min(x, view.x(from)) - tokenRoom);
      const token = grant?.fencingToken;
      if (grant === undefined || token === undefined || grant.until < view.from) continue;
      const words = `#${String(token).slice(this.#scene.tokenPrefix.length)}`;
      brush.text(words, x, this.#line({ track }).label, palette.of("muted"), room - x, numberFont);
    }
  }
}

function patternOf(state: string): "cross" | "rising" | "dots" {
  if (state === "down") return "cross";
  return state === "frozen" || state === "stalled" || state === "suspended" ? "rising" : "dots";
}
