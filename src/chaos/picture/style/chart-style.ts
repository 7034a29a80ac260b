const bands = ["down", "frozen", "quarantine", "clock", "cut"]
  .map((tone) => `.legend .band.${tone} { fill: var(--${tone}-soft); stroke: var(--${tone}); }`)
  .join("\n");

/** The picture itself: rows, what lies across them, the legend, the bar of buttons. */
export const chartStyle: string = `
.picture { --names: 132px; }
.picture h2 { margin-bottom: 2px; }
.lead { max-width: none; }
#toolbar {
  display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; padding: 10px 0 8px;
  scroll-margin-top: 8px;
}
#toolbar .set { display: flex; gap: 4px; }
#toolbar .set button { min-width: 34px; }
#toolbar [hidden] { display: none; }
#range { color: var(--muted); font-size: 13.5px; min-width: 21em; }
.push { margin-left: auto; }
#toolbar label { font-size: 13.5px; color: var(--muted); }
.choice { position: relative; }
.choice summary {
  list-style: none; font-size: 13.5px; border: 1px solid var(--rule); background: var(--card);
  border-radius: 6px; padding: 3px 10px; min-height: 30px; cursor: pointer;
}
.choice summary::after { content: " ▾"; color: var(--muted); }
#clients {
  position: absolute; right: 0; top: 36px; z-index: 30; display: grid;
  grid-template-columns: repeat(3, max-content); gap: 3px 16px; max-height: 50vh; overflow: auto;
  background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px;
  box-shadow: 0 6px 24px rgb(0 0 0 / 0.18);
}
#clients button { grid-column: 1 / -1; margin-bottom: 4px; }
#clients label { color: var(--ink); white-space: nowrap; }
#overview {
  position: relative; height: 46px; margin-left: var(--names); border: 1px solid var(--rule);
  border-bottom: 0; border-radius: 8px 8px 0 0; background: var(--card); cursor: crosshair;
  touch-action: none;
}
#overview canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
#overview .window {
  position: absolute; top: 0; bottom: 0; border: 2px solid var(--focus); border-radius: 3px;
  background: color-mix(in srgb, var(--focus) 12%, transparent); cursor: grab;
}
#overview .window.whole { border-color: transparent; background: none; }
#chart {
  position: relative; border: 1px solid var(--rule); border-radius: 8px 0 8px 8px;
  background: var(--card); cursor: grab; touch-action: pan-y; user-select: none;
  -webkit-user-select: none;
}
#chart.pointing { cursor: pointer; }
#chart.dragging { cursor: grabbing; }
.row { display: flex; border-top: 1px solid var(--rule); }
.row:first-child { border-top: 0; }
.row[hidden] { display: none; }
.row .name {
  flex: none; width: var(--names); padding: 5px 10px 0 14px; overflow: hidden; display: flex;
  flex-direction: column; line-height: 1.3; cursor: default; border-right: 1px solid var(--rule);
}
.row .name b { font-weight: 600; font-size: 13.5px; white-space: nowrap; }
.row .name span {
  color: var(--muted); font-size: 11.5px; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis;
}
.row .strip { position: relative; z-index: 2; flex: 1; min-width: 0; }
.row canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.row.axis {
  position: sticky; top: 0; z-index: 12; background: var(--card); border-bottom: 0;
  border-radius: 8px 8px 0 0; box-shadow: 0 1px 0 var(--rule);
}
.row.group { background: color-mix(in srgb, var(--ink) 4%, transparent); }
.row.group .name {
  flex-direction: row; gap: 8px; align-items: center; padding-top: 0; overflow: visible;
  border-right-color: transparent; white-space: nowrap;
}
.row.group b { font-size: 12.5px; }
.row.overlaps .name b { color: var(--alarm-ink); }
.row.work .name b { color: var(--warn-ink); }
#chart > svg {
  position: absolute; left: var(--names); right: 0; top: 0; width: calc(100% - var(--names));
  height: 100%; overflow: hidden; pointer-events: none; z-index: 5;
}
#chart > svg.ground { z-index: 1; }
#chart .over {
  position: sticky; bottom: 0; height: 0; margin-left: var(--names); z-index: 13;
  overflow: visible; pointer-events: none;
}
.stamp {
  position: absolute; bottom: 2px; left: 4px; background: var(--ink); color: var(--card);
  border-radius: 4px; font-size: 11px; padding: 0 6px; white-space: nowrap;
}
.overlap.locks {
  fill: var(--alarm); fill-opacity: 0.09; stroke: var(--alarm); stroke-opacity: 0.55;
}
.overlap.pair { fill: var(--alarm); fill-opacity: 0.16; }
.overlap.sections { fill: var(--warn); fill-opacity: 0.07; }
.hair line { stroke: var(--wait-edge); stroke-dasharray: 2 3; }
.chosen rect { fill: none; stroke: var(--focus); stroke-width: 2; }
.chosen line { stroke: var(--focus); stroke-width: 1.25; }
.chosen line.answer { stroke: var(--muted); stroke-dasharray: 3 3; }
.chosen circle { fill: none; stroke: var(--focus); stroke-width: 2; }
.chosen circle.answer { stroke: var(--muted); }
#card {
  position: fixed; z-index: 50; max-width: min(420px, 94vw); background: var(--card);
  color: var(--ink); border: 1px solid var(--wait-edge); border-radius: 8px; padding: 9px 13px;
  font-size: 13px; line-height: 1.4; box-shadow: 0 8px 28px rgb(0 0 0 / 0.22);
  pointer-events: none;
}
#card[hidden] { display: none; }
#card.pinned { pointer-events: auto; user-select: text; border-color: var(--focus); }
#card strong { display: block; margin-bottom: 3px; }
#card dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin: 0; }
#card dt { color: var(--muted); }
#card dd { margin: 0; overflow-wrap: anywhere; }
kbd {
  font-size: 11.5px; border: 1px solid var(--rule); border-bottom-width: 2px; border-radius: 4px;
  padding: 0 4px; background: var(--card);
}
#keys { margin-top: 8px; }
.legend .keys {
  display: flex; flex-wrap: wrap; gap: 6px 40px; align-items: center; margin-top: 4px;
}
.legend ul {
  flex: 1 1 420px; list-style: none; margin: 0; padding: 0; columns: 210px; column-gap: 26px;
  font-size: 12.5px; color: var(--muted);
}
.legend li {
  display: flex; align-items: center; gap: 9px; break-inside: avoid; padding: 1px 0;
  line-height: 1.25;
}
.legend li svg { width: 34px; height: 22px; flex: none; }
.anatomy { width: 470px; max-width: 100%; height: auto; flex: none; font-size: 12px; }
.anatomy text { fill: var(--ink); }
.anatomy tspan { fill: var(--muted); }
.anatomy .token { font-size: 11px; fill: var(--muted); }
.legend .wait { fill: var(--wait); }
.legend .soft { fill: var(--resource-0); fill-opacity: 0.28; }
.legend .full, .legend path.full { fill: var(--resource-0); }
.legend .edge { fill: none; stroke: var(--resource-0); stroke-width: 1.5; }
.legend path { fill: none; stroke-width: 2; }
.legend .end { stroke: var(--resource-0); stroke-width: 2.5; }
.legend .end.lost { stroke: var(--warn); }
.legend .end.expired { stroke: var(--warn); stroke-dasharray: 2.5 2; }
.legend .hint { stroke: var(--wait-edge); stroke-width: 1; }
.legend .full-line { stroke: var(--resource-0); stroke-width: 3; }
.legend .warn-line { stroke: var(--warn); stroke-width: 2.5; }
.legend .quiet-line { stroke: var(--wait-edge); }
.legend .vote-line { stroke: var(--resource-0); stroke-width: 2.5; }
.legend .ring { fill: none; stroke: var(--wait-edge); stroke-width: 1.5; }
.legend .mark { stroke: var(--card); stroke-width: 2; }
.legend .alarm-soft { fill: var(--alarm); fill-opacity: 0.15; }
.legend .alarm-box { fill: var(--alarm-soft); stroke: var(--alarm); stroke-width: 2; }
.legend .warn-box { fill: var(--warn-soft); stroke: var(--warn); stroke-width: 1.5; }
.legend .alarm-disc { fill: var(--alarm); }
.legend .ink-disc { fill: var(--ink); }
.legend .band { stroke-width: 1.5; }
${bands}
@media (max-width: 760px) {
  .picture { --names: 78px; }
  .row .name { padding-left: 8px; padding-right: 4px; }
  #range { min-width: 0; }
  .push { margin-left: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  #card { transition: opacity 0.1s; }
}
`;
