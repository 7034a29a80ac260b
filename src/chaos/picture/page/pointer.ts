import type { Chart } from "./chart.ts";
import type { Row } from "./row.ts";
import { instant } from "./wording.ts";

const clickReach = 4;
const wheelSpeed = 0.0022;

/** Hover tells, a click chooses, a drag moves, the wheel with Ctrl (or a pinch) comes closer. */
export function listenToPointer(chart: Chart): void {
  const { element } = chart;
  const rows = new Map(chart.rows.map((row) => [row.element, row]));
  const rowOf = (event: Event): Row | undefined =>
    rows.get((event.target as Element).closest(".row") as HTMLElement);
  element.addEventListener("wheel", (event) => wheel(chart, event), { passive: false });
  element.addEventListener("pointerdown", (event) => drag(chart, event, rowOf(event)));
  element.addEventListener("pointermove", (event) => hover(chart, event, rowOf(event)));
  element.addEventListener("pointerleave", () => leave(chart));
  element.addEventListener("dblclick", (event) => {
    chart.view.zoom(event.shiftKey ? 2 : 0.5, chart.view.at(place(chart, event).x));
  });
}

/** Where in the strips of the rows. */
function place(chart: Chart, event: MouseEvent): { x: number; left: number } {
  const left = chart.rows[0]?.strip.getBoundingClientRect().left ?? 0;
  return { x: event.clientX - left, left };
}

function wheel({ view, ...chart }: Chart, event: WheelEvent): void {
  const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
  const unit = event.deltaMode === 1 ? 16 : 1;
  if (event.ctrlKey || event.metaKey || event.altKey) {
    event.preventDefault();
    const left = chart.rows[0]?.strip.getBoundingClientRect().left ?? 0;
    const steps = Math.max(-200, Math.min(200, event.deltaY * unit));
    view.zoom(Math.exp(steps * wheelSpeed), view.at(event.clientX - left));
  } else if (isPan) {
    event.preventDefault();
    view.pan(((event.deltaX || event.deltaY) * unit) / view.width);
  }
}

function hover(chart: Chart, event: PointerEvent, row: Row | undefined): void {
  const { x } = place(chart, event);
  if (x < 0 || row === undefined) {
    leave(chart);
    return;
  }
  chart.pointAt(x);
  const stamp = chart.element.querySelector(".stamp") as HTMLElement;
  stamp.textContent = instant(chart.view.at(x), chart.view.length / 2_000);
  stamp.hidden = false;
  stamp.style.transform = `translateX(${Math.min(x, chart.view.width - 84)}px)`;
  if (chart.card.isPinned || event.buttons !== 0) return;
  const y = event.clientY - row.element.getBoundingClientRect().top;
  const thing = row.content.pick(x, y);
  chart.element.classList.toggle("pointing", thing !== undefined);
  chart.choose(thing, { x: event.clientX, y: event.clientY });
}

function leave(chart: Chart): void {
  chart.pointAt(undefined);
  (chart.element.querySelector(".stamp") as HTMLElement).hidden = true;
  if (!chart.card.isPinned && !chart.element.classList.contains("by-key")) chart.choose(undefined);
}

/** One pointer moves the view, two come closer; a short touch chooses what is there. */
function drag(chart: Chart, down: PointerEvent, row: Row | undefined): void {
  const { x } = place(chart, down);
  if (down.button !== 0 || x < 0 || row === undefined) return;
  chart.element.classList.remove("by-key");
  const { view, element } = chart;
  const begin = { from: view.from, until: view.until, length: view.length };
  let isMoved = false;
  const move = (event: PointerEvent): void => {
    const shift = event.clientX - down.clientX;
    if (event.pointerId !== down.pointerId || (!isMoved && Math.abs(shift) < clickReach)) return;
    isMoved = true;
    element.setPointerCapture(down.pointerId);
    element.classList.add("dragging");
    const ms = (shift / view.width) * begin.length;
    view.show(begin.from - ms, begin.until - ms);
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== down.pointerId) return;
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", end);
    element.removeEventListener("pointercancel", end);
    element.classList.remove("dragging");
    if (!isMoved && event.type === "pointerup") pin(chart, event, row, x);
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}

function pin(chart: Chart, event: PointerEvent, row: Row, x: number): void {
  const y = event.clientY - row.element.getBoundingClientRect().top;
  const thing = row.content.pick(x, y);
  chart.card.isPinned = thing !== undefined;
  chart.choose(thing, { x: event.clientX, y: event.clientY });
}
