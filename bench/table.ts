import type { CaseResult, Figure, Row, WorkloadResult } from "./result.ts";

/** Rows as text, the first column to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A result as text for a terminal. */
export function printed({ cases, leftOut }: WorkloadResult, figures: readonly Figure[]): string {
  const tables = cases.map((each) => {
    const rows = rowsOf(each, figures);
    const errors = each.rows.flatMap((row) => errorsOf(row).map((text) => `  ${text}`));
    return [`[${each.name}]`, table(rows), ...errors].join("\n");
  });
  const left = leftOut.map(({ system, why }) => `Left out: ${system}: ${why}.`);
  return [...tables, ...left].join("\n");
}

/** The titles, and a line for each system. Columns of which nobody has a figure are left out. */
export function rowsOf({ rows }: CaseResult, figures: readonly Figure[]): string[][] {
  const known = figures.filter(({ key }) => rows.some((row) => row.figures[key] !== undefined));
  const lines = rows.map((row) => [
    `${row.system} ${row.version}`,
    ...known.map((figure) => cell(row, figure)),
  ]);
  return [["", ...known.map(({ title }) => title)], ...lines];
}

/** The median; with several rounds, and room for it, also where the middle half of them lies. */
export function cell({ figures }: Row, { key, digits, ratioOf }: Figure): string {
  const spread = figures[key];
  if (spread === undefined) return "-";
  const text = spread.median.toFixed(digits);
  if (spread.rounds < 3 || ratioOf === undefined) return text;
  return `${text} (${spread.from.toFixed(digits)}-${spread.until.toFixed(digits)})`;
}

export function errorsOf({ system, errors }: Row): string[] {
  return Object.entries(errors).map(([what, count]) => `${system}: ${count} x ${what}`);
}
