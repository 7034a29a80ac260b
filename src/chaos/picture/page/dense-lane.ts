import type { Brush } from "./brush.ts";
import type { LaneLine } from "./operation-bar.ts";
import type { Operation, Stretch } from "./scene.ts";

/** Longer than that beyond its guarantee is worth a sign. */
const noticedMs = 0.5;

/** Which share of each pixel the stretches cover. */
export function coverage(brush: Brush, spans: Iterable<Stretch>): Float32Array {
  const { view } = brush;
  const columns = new Float32Array(Math.ceil(brush.width) + 1);
  for (const { from, until } of spans) {
    const begin = Math.max(view.x(from), 0);
    const end = Math.min(view.x(until), brush.width);
    const last = Math.floor(end);
    for (let column = Math.floor(begin); column <= last; column++) {
      const part = Math.min(end, column + 1) - Math.max(begin, column);
      columns[column] = Math.min(1, (columns[column] ?? 0) + Math.max(part, 0.05));
    }
  }
  return columns;
}

/** Draws columns as strong as they are covered. */
export function drawCoverage(
  { context }: Brush,
  columns: Float32Array,
  y: number,
  height: number,
  color: string,
): void {
  context.fillStyle = color;
  for (const [column, share] of columns.entries()) {
    if (share === 0) continue;
    context.globalAlpha = 0.18 + 0.82 * share;
    context.fillRect(column, y, 1, height);
  }
  context.globalAlpha = 1;
}

/** Many operations, from far away: how much of the time was waited, guaranteed, worked. */
export function drawDense(brush: Brush, operations: readonly Operation[], line: LaneLine): void {
  const { palette } = brush;
  const { bar, barHeight } = line;
  const waits = operations.map(({ from, waitedUntil }) => ({ from, until: waitedUntil }));
  drawCoverage(brush, coverage(brush, waits), bar + barHeight / 2 - 2, 4, palette.of("wait"));
  const byResource = new Map<number, Stretch[]>();
  for (const { grant, resources } of operations) {
    if (grant === undefined) continue;
    const place = (resources[0] ?? 0) % 6;
    const list = byResource.get(place) ?? [];
    if (list.push(grant) === 1) byResource.set(place, list);
  }
  for (const [place, grants] of byResource) {
    drawCoverage(brush, coverage(brush, grants), bar, barHeight, palette.resource(place));
  }
  drawTroubles(brush, operations, line);
}

/** What went wrong stays visible from any distance, as ticks below. */
function drawTroubles(brush: Brush, operations: readonly Operation[], line: LaneLine): void {
  const last = { alarm: -Infinity, warn: -Infinity };
  for (const { grant, sections, beliefs } of operations) {
    const end = grant?.until ?? Infinity;
    const late = Math.max(...beliefs.map(({ until }) => until), ...sections.map((s) => s.until));
    const tone = sections.some(({ unfenced }) => unfenced === "overwrote") ? "alarm" : "warn";
    const x = brush.view.x(late);
    if (x < last[tone] + 2 || (tone === "warn" && late - end < noticedMs)) continue;
    drawTick(brush, x, line, tone);
    last[tone] = x;
  }
}

/** The small sign for what has no room for a larger one. */
export function drawTick(brush: Brush, x: number, line: LaneLine, tone: "alarm" | "warn"): void {
  const { context, palette } = brush;
  context.fillStyle = palette.of(tone);
  context.fillRect(x - 1, line.belief - 2, 2, tone === "alarm" ? 8 : 5);
}
