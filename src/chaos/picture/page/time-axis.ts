import { smallFont, type Brush } from "./brush.ts";
import type { FaultFlag, Scene } from "./scene.ts";
import { instant } from "./wording.ts";

export const axisHeight = 24;
const tickRoom = 96;
const flagLines = 2;
const flagHeight = 17;

/** The step of the axis: 1, 2 or 5 times a power of ten. */
export function stepOf(length: number, width: number): number {
  const least = (length / Math.max(width, 1)) * tickRoom;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((times) => times * power >= least) ?? 10);
}

/** The instants at which the axis has a line. */
export function ticksOf(from: number, until: number, step: number): number[] {
  const ticks: number[] = [];
  for (let place = Math.ceil(from / step); place * step <= until; place++) ticks.push(place * step);
  return ticks;
}

export function drawAxis(brush: Brush): void {
  const { view, palette, width } = brush;
  brush.begin(axisHeight);
  const step = stepOf(view.length, width);
  for (const at of ticksOf(view.from, view.until, step)) {
    const x = view.x(at);
    brush.line(x, axisHeight - 6, x, axisHeight, palette.of("wait-edge"));
    const words = instant(at, step);
    if (x + 6 < width - 4) {
      brush.text(words, x + 4, axisHeight / 2 - 1, palette.of("muted"), width - x - 4, smallFont);
    }
  }
}

/** The lines of the axis, through a row. */
export function drawGrid(brush: Brush, height: number): void {
  const { view, palette, width, context } = brush;
  // Behind what is there.
  context.globalCompositeOperation = "destination-over";
  for (const at of ticksOf(view.from, view.until, stepOf(view.length, width))) {
    const x = Math.round(view.x(at)) + 0.5;
    brush.line(x, 0, x, height, palette.of("grid"));
  }
  context.globalCompositeOperation = "source-over";
}

export const faultHeight: number = flagLines * flagHeight + 8;

/** Flags at the instants at which something was hurt, and open ones where it was healed. */
export function drawFaults(brush: Brush, { faults }: Scene): void {
  const { view, palette } = brush;
  brush.begin(faultHeight);
  const inView = faults.within(view.from - view.length, view.until);
  for (const { from, isHealing } of inView) {
    const x = Math.round(view.x(from)) + 0.5;
    brush.line(x, 4, x, faultHeight, palette.of(isHealing ? "good" : "fault"), 1);
  }
  const taken = Array.from({ length: flagLines }, () => -Infinity);
  brush.context.font = smallFont;
  for (const fault of inView) {
    const x = view.x(fault.from);
    const long = brush.context.measureText(fault.about).width;
    // Words stand left of the last flags, where there is no room right.
    const begin = x < brush.width && x + 13 + long > brush.width ? x - 5 - long : x + 13;
    const line = taken.findIndex((end) => end + 10 <= Math.min(begin, x));
    if (line === -1) continue;
    drawFlag(brush, fault, x, 4 + line * flagHeight, begin);
    taken[line] = Math.max(x + 8, begin + long);
  }
}

function drawFlag(
  brush: Brush,
  { about, isHealing }: FaultFlag,
  x: number,
  y: number,
  begin: number,
): void {
  const { context, palette } = brush;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 8, y + 4.5);
  context.lineTo(x, y + 9);
  context.closePath();
  context.fillStyle = palette.of(isHealing ? "card" : "fault");
  context.strokeStyle = palette.of(isHealing ? "good" : "fault");
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
  // So that the pole of another flag does not cross the words.
  context.lineWidth = 4;
  context.strokeStyle = palette.of("card");
  context.strokeText(about, begin, y + 5);
  context.fillStyle = palette.of("ink");
  context.fillText(about, begin, y + 5);
}
