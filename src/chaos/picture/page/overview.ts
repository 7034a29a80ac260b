import { Brush } from "./brush.ts";
import { coverage, drawCoverage } from "./dense-lane.ts";
import type { Palette } from "./palette.ts";
import type { Scene } from "./scene.ts";
import { View } from "./view.ts";

const height = 46;
const ground = 14;

/** The whole run in one strip, with a window for what is seen below. Drawn once, and the window each time. */
export class Overview {
  readonly #scene: Scene;
  readonly #view: View;
  readonly #brush: Brush;
  readonly #window: HTMLElement;
  readonly element: HTMLElement;

  constructor(element: HTMLElement, scene: Scene, view: View, palette: Palette) {
    this.element = element;
    this.#scene = scene;
    this.#view = view;
    const whole = new View(scene.durationMs, () => {});
    const canvas = element.querySelector("canvas") as HTMLCanvasElement;
    this.#window = element.querySelector(".window") as HTMLElement;
    this.#brush = new Brush(canvas, whole, palette);
    this.#listen();
  }

  draw(): void {
    const brush = this.#brush;
    const { palette } = brush;
    brush.view.width = this.element.clientWidth;
    brush.begin(height);
    const grants = this.#scene.clients.map(({ operations }) =>
      coverage(
        brush,
        operations.items.flatMap(({ grant }) => grant ?? []),
      ),
    );
    const rowHeight = Math.max(1, (height - ground - 8) / Math.max(grants.length, 1));
    for (const [index, columns] of grants.entries()) {
      const tall = Math.max(1, rowHeight - (rowHeight > 3 ? 1 : 0));
      drawCoverage(brush, columns, ground + 4 + index * rowHeight, tall, palette.of("resource-0"));
    }
    for (const { from, isHealing } of this.#scene.faults.items) {
      const x = brush.view.x(from);
      brush.line(
        x,
        ground,
        x,
        height,
        palette.of(isHealing ? "good" : "fault"),
        isHealing ? 0.75 : 1.5,
      );
    }
    this.#drawOverlaps();
  }

  #drawOverlaps(): void {
    const brush = this.#brush;
    const { context, palette } = brush;
    for (const isOfLocks of [false, true]) {
      const color = palette.of(isOfLocks ? "alarm" : "warn");
      let last = -Infinity;
      for (const overlap of this.#scene.overlaps.items) {
        const x = brush.view.x((overlap.from + overlap.until) / 2);
        if (overlap.isOfLocks !== isOfLocks || x < last + 3) continue;
        last = x;
        if (isOfLocks) brush.line(x, ground, x, height, color, 2);
        context.fillStyle = color;
        context.beginPath();
        context.moveTo(x - 5, 2);
        context.lineTo(x + 5, 2);
        context.lineTo(x, ground - 2);
        context.fill();
      }
    }
  }

  /** Puts the window where the view is. */
  follow(): void {
    const { from, length, durationMs } = this.#view;
    this.#window.classList.toggle("whole", this.#view.isWhole);
    this.#window.style.left = `${(from / durationMs) * 100}%`;
    this.#window.style.width = `max(3px, ${(length / durationMs) * 100}%)`;
  }

  /** A drag inside the window moves it, elsewhere it chooses a stretch; a click goes there. */
  #listen(): void {
    const view = this.#view;
    const at = (event: PointerEvent): number => {
      const { left, width } = this.element.getBoundingClientRect();
      return ((event.clientX - left) / width) * view.durationMs;
    };
    this.element.addEventListener("pointerdown", (down) => {
      const begin = at(down);
      const seen = { from: view.from, length: view.length };
      const isInside = begin >= view.from && begin <= view.until && !view.isWhole;
      this.element.setPointerCapture(down.pointerId);
      const move = (event: PointerEvent): void => {
        const now = at(event);
        if (isInside) view.show(seen.from + now - begin, seen.from + now - begin + seen.length);
        else view.show(Math.min(begin, now), Math.max(begin, now));
      };
      const up = (event: PointerEvent): void => {
        this.element.removeEventListener("pointermove", move);
        if (isInside || Math.abs(event.clientX - down.clientX) > 3) return;
        const length =
          view.isWhole || seen.length === view.durationMs ? view.durationMs / 8 : seen.length;
        view.glide({ from: begin - length / 2, until: begin + length / 2 });
      };
      this.element.addEventListener("pointermove", move);
      this.element.addEventListener("pointerup", up, { once: true });
    });
  }
}
