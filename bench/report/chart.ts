import type { CaseResult, Figure, Row } from "../result.ts";
import { median } from "../statistics.ts";
import { cell } from "../table.ts";

/** Two panels beside each other, or one over all the width; a line for each system. */
const size = {
  width: 880,
  gap: 20,
  head: 56,
  title: 26,
  line: 22,
  foot: 10,
  label: 150,
  value: 66,
};

/** A bar that is longer than so many times the usual one is cut, and says its value. */
const cutAt = 5;

/** Bars of one figure: a panel with a scale of its own for each case, a bar for each system. */
export function chart(title: string, figure: Figure, cases: readonly CaseResult[]): string {
  const columns = cases.length === 1 ? 1 : 2;
  const lines = Math.max(...cases.map(({ rows }) => rows.length));
  const panelHeight = size.title + lines * size.line + size.foot;
  const { width } = size;
  const panelWidth = (width - (columns + 1) * size.gap) / columns;
  const height = size.head + Math.ceil(cases.length / columns) * panelHeight + size.gap;
  const panels = cases.map((each, index) => {
    const x = size.gap + (index % columns) * (panelWidth + size.gap);
    const y = size.head + Math.floor(index / columns) * panelHeight;
    return `<g transform="translate(${x} ${y})">${panel(each, figure, panelWidth - size.label - size.value)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${style}</style>
<rect class="paper" width="${width}" height="${height}" rx="8"/>
<text class="title" x="${size.gap}" y="33">${escaped(title)}</text>
${panels.join("\n")}
</svg>
`;
}

function panel({ name, rows }: CaseResult, figure: Figure, barWidth: number): string {
  const values = rows.flatMap((row) => row.figures[figure.key]?.median ?? []);
  const most = Math.min(Math.max(...values, 0), cutAt * median(values)) || 1;
  const bars = rows.map((row, index) => {
    const y = size.title + index * size.line;
    return `<g transform="translate(0 ${y})">${bar(row, figure, { most, barWidth })}</g>`;
  });
  return `<text class="case" x="0" y="14">${escaped(name)}</text>${bars.join("")}`;
}

function bar(
  row: Row,
  figure: Figure,
  { most, barWidth }: { readonly most: number; readonly barWidth: number },
): string {
  const label = `<text class="label" x="${size.label - 8}" y="15">${escaped(shortName(row))}</text>`;
  const spread = row.figures[figure.key];
  if (spread === undefined) {
    const why = Object.keys(row.errors)[0] ?? "no figure";
    const text = why.startsWith("stuck") ? "stuck" : why.slice(0, 30);
    return `${label}<text class="none" x="${size.label}" y="15">${escaped(text)}</text>`;
  }
  const place = (value: number): number => Math.max(0, Math.min(1, value / most)) * barWidth;
  const end = place(spread.median);
  const isCut = spread.median > most;
  const [from, until] = [place(spread.from), place(spread.until)].map((x) => size.label + x);
  const range = `<line class="range" x1="${from}" x2="${until}" y1="10" y2="10"/>`;
  const cut = `<path class="cut" d="M${size.label + barWidth - 14} 18l5 -16m3 0l-5 16"/>`;
  const after = size.label + Math.max(end, isCut ? end : place(spread.until)) + 6;
  const text = cell(row, { key: figure.key, title: "", digits: figure.digits });
  return [
    label,
    `<rect class="${kindOf(row)}" x="${size.label}" y="3" width="${Math.max(end, 1)}" height="14" rx="2"/>`,
    isCut ? cut : range,
    `<text class="value" x="${after}" y="15">${text}</text>`,
  ].join("");
}

function shortName({ system }: Row): string {
  return system
    .replace("raw ioredis fan-out", "raw ioredis")
    .replace("@sesamecare-oss/", "sesamecare ");
}

function kindOf({ system }: Row): string {
  if (system === "quorumlock" || system.startsWith("Redis, ")) return "ours";
  return system.startsWith("raw ") ? "stick" : "other";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Text has a contrast of 4.5 on its paper, bars of 3. */
const style = `
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1b1d22; }
.paper { fill: #ffffff; stroke: #dcdee3; }
.title { font-size: 16px; font-weight: 600; }
.case { font-weight: 600; }
.label { text-anchor: end; }
.none { fill: #a8321f; font-style: italic; }
.ours { fill: #1f6feb; }
.other { fill: #8b919c; }
.stick { fill: #b98a2f; }
.range { stroke: #1b1d22; stroke-width: 1.5; }
.cut { stroke: #ffffff; stroke-width: 2; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e9eaee; }
  .paper { fill: #1a1d23; stroke: #31363f; }
  .none { fill: #ff8a76; }
  .ours { fill: #5b9dff; }
  .other { fill: #737a87; }
  .stick { fill: #c79a45; }
  .range { stroke: #e9eaee; }
  .cut { stroke: #1a1d23; }
}
`;
