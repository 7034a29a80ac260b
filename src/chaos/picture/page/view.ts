import type { Stretch } from "./scene.ts";

const shortestMs = 0.05;
const glideMs = 220;

/** Which part of the run is seen. Tells when that changes. */
export class View {
  from = 0;
  until: number;
  /** In pixels. */
  width = 1;
  readonly durationMs: number;
  readonly #onChange: () => void;
  #frame = 0;

  constructor(durationMs: number, onChange: () => void) {
    this.durationMs = Math.max(durationMs, shortestMs);
    this.until = this.durationMs;
    this.#onChange = onChange;
  }

  get length(): number {
    return this.until - this.from;
  }

  get isWhole(): boolean {
    return this.length >= this.durationMs;
  }

  x(at: number): number {
    return ((at - this.from) / this.length) * this.width;
  }

  at(x: number): number {
    return this.from + (x / this.width) * this.length;
  }

  /** Shows a stretch, as far as it lies in the run. */
  show(from: number, until: number): void {
    cancelAnimationFrame(this.#frame);
    const length = Math.min(Math.max(until - from, shortestMs), this.durationMs);
    const middle = (from + until) / 2;
    this.from = Math.min(Math.max(middle - length / 2, 0), this.durationMs - length);
    this.until = this.from + length;
    this.#onChange();
  }

  /** Closer (below 1) or farther (above 1); what is at `at` stays where it is. */
  zoom(factor: number, at: number = (this.from + this.until) / 2): void {
    const length = Math.min(Math.max(this.length * factor, shortestMs), this.durationMs);
    const share = (at - this.from) / this.length;
    const from = at - share * length;
    this.show(from, from + length);
  }

  /** By a share of what is seen; positive shows what comes later. */
  pan(share: number): void {
    const shift = Math.min(Math.max(share * this.length, -this.from), this.durationMs - this.until);
    this.show(this.from + shift, this.until + shift);
  }

  /** Goes there in a moment that the eye can follow, unless it is asked not to move. */
  glide({ from, until }: Stretch): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.show(from, until);
      return;
    }
    cancelAnimationFrame(this.#frame);
    const begin = { from: this.from, until: this.until, at: performance.now() };
    const step = (now: number): void => {
      const part = Math.min(Math.max((now - begin.at) / glideMs, 0), 1);
      const eased = 1 - (1 - part) ** 3;
      const between = (a: number, b: number): number => a + (b - a) * eased;
      this.show(between(begin.from, from), between(begin.until, until));
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Around a stretch, so that what led to it is seen too. */
  around({ from, until }: Stretch): Stretch {
    const margin = Math.max(
      (until - from) * 0.25,
      shortestMs * 4,
      Math.min(5, this.durationMs / 50),
    );
    return { from: from - margin, until: until + margin };
  }
}
