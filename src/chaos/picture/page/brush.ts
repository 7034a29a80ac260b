import type { Palette } from "./palette.ts";
import type { View } from "./view.ts";

export const smallFont = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
export const numberFont = '500 10.5px ui-monospace, "SF Mono", Menlo, Consolas, monospace';

/** Draws on one canvas, in the pixels of the page, whatever those of the screen are. */
export class Brush {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly view: View;
  readonly palette: Palette;
  height = 0;

  constructor(canvas: HTMLCanvasElement, view: View, palette: Palette) {
    this.canvas = canvas;
    this.view = view;
    this.palette = palette;
    this.context = canvas.getContext("2d") as CanvasRenderingContext2D;
  }

  get width(): number {
    return this.view.width;
  }

  /** An empty canvas of the right size. */
  begin(height: number, width: number = this.view.width): void {
    const scale = devicePixelRatio;
    this.height = height;
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
    }
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.clearRect(0, 0, width, height);
    this.context.textBaseline = "middle";
  }

  /** A bar between two instants, as wide as `least` pixels at the least; where it was drawn. */
  bar(
    span: { readonly from: number; readonly until: number },
    y: number,
    height: number,
    fill: string | CanvasPattern,
    least: number = 1,
  ): { x: number; width: number } {
    const x = Math.max(this.view.x(span.from), -20);
    const end = Math.min(this.view.x(span.until), this.width + 20);
    const width = Math.max(end - x, least);
    this.context.fillStyle = fill;
    this.context.fillRect(x, y, width, height);
    return { x, width };
  }

  frame(
    x: number,
    y: number,
    width: number,
    height: number,
    color: string,
    line: number = 1,
  ): void {
    this.context.strokeStyle = color;
    this.context.lineWidth = line;
    this.context.strokeRect(x + line / 2, y + line / 2, Math.max(width - line, 0.5), height - line);
  }

  line(x1: number, y1: number, x2: number, y2: number, color: string, width: number = 1): void {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }

  /** Words, if they fit into the room; whether they did. */
  text(words: string, x: number, y: number, color: string, room: number, font: string): boolean {
    const { context } = this;
    if (room < 8) return false;
    context.font = font;
    if (context.measureText(words).width > room) return false;
    context.fillStyle = color;
    context.fillText(words, x, y);
    return true;
  }

  cross(x: number, y: number, size: number, color: string, width: number = 1.75): void {
    this.line(x - size, y - size, x + size, y + size, color, width);
    this.line(x - size, y + size, x + size, y - size, color, width);
  }

  disc(x: number, y: number, radius: number, fill: string): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, Math.PI * 2);
    this.context.fillStyle = fill;
    this.context.fill();
  }
}
