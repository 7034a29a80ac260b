import type { Brush } from "./brush.ts";
import { drawTick } from "./dense-lane.ts";
import type { Grant, Operation, Section } from "./scene.ts";

/** A bar shorter than that has no room for a round sign. */
const signRoom = 14;

/** Where in a lane the parts of an operation are drawn. */
export interface LaneLine {
  readonly top: number;
  readonly label: number;
  readonly bar: number;
  readonly barHeight: number;
  readonly belief: number;
  readonly beliefHeight: number;
}

/** One operation: how long it waited, what was guaranteed, what it believed, when it worked, how it ended. */
export function drawOperation(brush: Brush, operation: Operation, line: LaneLine): void {
  drawWait(brush, operation, line);
  const { grant } = operation;
  const color = brush.palette.resource(operation.resources[0] ?? 0);
  if (grant !== undefined) drawGrant(brush, grant, operation.isShared, color, line);
  for (const belief of operation.beliefs) drawBelief(brush, belief, grant, color, line);
  for (const section of operation.sections) {
    drawSection(brush, section, grant, brush.palette.resource(section.resource), line);
  }
  if (grant !== undefined) drawEnd(brush, grant, color, line);
}

function drawWait(brush: Brush, operation: Operation, { bar, barHeight }: LaneLine): void {
  const { palette, view } = brush;
  const middle = bar + barHeight / 2;
  const span = { from: operation.from, until: operation.waitedUntil };
  if (span.until > span.from) {
    const { x, width } = brush.bar(span, middle - 2, 4, palette.of("wait"), 1);
    if (width > 6)
      brush.line(x + 0.5, middle - 5, x + 0.5, middle + 5, palette.of("wait-edge"), 1.5);
  }
  if (operation.outcome === "granted" || view.x(span.until) - view.x(span.from) < 3) return;
  const x = view.x(span.until);
  if (operation.outcome === "refused") brush.cross(x, middle, 3, palette.of("wait-edge"));
  else if (operation.outcome === "failed") brush.cross(x, middle, 4, palette.of("warn"), 2.25);
}

function drawGrant(
  brush: Brush,
  grant: Grant,
  isShared: boolean,
  color: string,
  { bar, barHeight }: LaneLine,
): void {
  const { context, view } = brush;
  context.globalAlpha = 0.26;
  const { x, width } = brush.bar(grant, bar, barHeight, color, 1.5);
  context.globalAlpha = 1;
  if (width < 3) {
    brush.bar(grant, bar, barHeight, color, 1.5);
    return;
  }
  if (isShared) context.setLineDash([3, 2]);
  brush.frame(x, bar, width, barHeight, color, 1.25);
  context.setLineDash([]);
  for (const { at } of grant.extensions) {
    const place = view.x(at);
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(place - 3, bar - 4);
    context.lineTo(place + 3, bar - 1);
    context.lineTo(place - 3, bar + 2);
    context.fill();
  }
}

/** Belief beyond the guarantee has another colour and is thicker: users have to know of it. */
function drawBelief(
  brush: Brush,
  belief: { readonly from: number; readonly until: number },
  grant: Grant | undefined,
  color: string,
  { belief: y, beliefHeight }: LaneLine,
): void {
  const end = Math.max(grant?.until ?? belief.from, belief.from);
  brush.bar({ from: belief.from, until: Math.min(belief.until, end) }, y, beliefHeight, color, 1);
  if (belief.until <= end) return;
  const beyond = { from: end, until: belief.until };
  const { width } = beyondWidth(brush, beyond);
  if (width < 1.5) return;
  brush.bar(beyond, y - 1, beliefHeight + 2, brush.palette.of("warn"), 1);
}

function beyondWidth(
  { view }: Brush,
  span: { readonly from: number; readonly until: number },
): { width: number } {
  return { width: view.x(span.until) - view.x(span.from) };
}

function drawSection(
  brush: Brush,
  section: Section,
  grant: Grant | undefined,
  color: string,
  line: LaneLine,
): void {
  const { palette, view } = brush;
  const [y, height] = [line.bar + 3, line.barHeight - 6];
  const end = Math.max(grant?.until ?? section.from, section.from);
  const inside = { from: section.from, until: Math.min(section.until, end) };
  if (inside.until > inside.from) brush.bar(inside, y, height, color, 1);
  const beyond = { from: end, until: section.until };
  if (view.x(beyond.until) - view.x(beyond.from) >= 1) {
    const { x, width } = brush.bar(beyond, y, height, palette.of("warn-soft"), 1);
    brush.bar(beyond, y, height, palette.pattern("warn", "falling"), 1);
    if (width > 2) brush.frame(x, y, width, height, palette.of("warn"), 1.25);
  }
  drawResult(brush, section, line);
}

/** A write that was lost, and one that the fence kept out, are marked where the work ended. */
function drawResult(brush: Brush, section: Section, line: LaneLine): void {
  const { bar, barHeight } = line;
  const { palette, view } = brush;
  const [x, y] = [view.x(section.until), bar + barHeight / 2];
  const width = x - view.x(section.from);
  if (width < signRoom) {
    if (section.unfenced === "overwrote") drawTick(brush, x, line, "alarm");
    return;
  }
  if (section.unfenced === "overwrote") {
    brush.disc(x, y, 6, palette.of("alarm"));
    brush.cross(x, y, 2.4, palette.of("card"), 1.75);
  }
  if (section.fenced !== "refused") return;
  const place = section.unfenced === "overwrote" ? x + 14 : x;
  brush.disc(place, y, 6, palette.of("ink"));
  brush.line(place - 3, y, place + 3, y, palette.of("card"), 2);
}

function drawEnd(brush: Brush, grant: Grant, color: string, { bar, barHeight }: LaneLine): void {
  const { view, palette, context } = brush;
  const x = view.x(grant.until);
  if (x - view.x(grant.from) < 6) return;
  const [top, bottom] = [bar - 3, bar + barHeight + 3];
  if (grant.ending === "released") {
    brush.line(x, top, x, bottom, color, 2.5);
  } else if (grant.ending === "expired") {
    context.setLineDash([2, 2]);
    brush.line(x, top, x, bottom, palette.of("warn"), 2);
    context.setLineDash([]);
  } else if (grant.ending === "lost") {
    brush.line(x, top, x, bottom, palette.of("warn"), 2);
    brush.cross(x, top - 3, 3, palette.of("warn"), 2);
  }
}
