/** The page of all runs. */
export const matrixStyle: string = `
.key {
  list-style: none; display: flex; flex-wrap: wrap; gap: 8px 28px; padding: 0; margin: 14px 0;
  font-size: 13px; color: var(--muted);
}
.key .cell { display: inline-flex; margin-right: 4px; }
.wrong-list { margin: 4px 0 18px; padding-left: 20px; font-size: 14px; columns: 420px; }
.scroll {
  overflow: auto; max-height: 92vh; border: 1px solid var(--rule); border-radius: 8px;
  background: var(--card); margin-top: 16px;
}
.matrix { border-collapse: separate; border-spacing: 0; font-size: 13.5px; width: 100%; }
.matrix th, .matrix td {
  text-align: left; vertical-align: middle; padding: 4px 6px;
  border-bottom: 1px solid var(--rule); font-weight: 400;
}
.matrix thead th {
  position: sticky; top: 0; z-index: 2; background: var(--card); font-weight: 600;
  vertical-align: bottom; padding: 10px 12px 8px; min-width: 108px; overflow-wrap: anywhere;
}
.matrix tbody th, .matrix tfoot th, .matrix thead th:first-child {
  position: sticky; left: 0; z-index: 1; background: var(--card); padding-left: 14px;
  min-width: 300px; max-width: 420px; border-right: 1px solid var(--rule);
}
.matrix thead th:first-child { z-index: 3; }
.matrix tbody th b { font-weight: 600; }
.matrix tbody th small {
  display: block; color: var(--muted); font-size: 12px; line-height: 1.35; padding-left: 30px;
}
.matrix .number {
  display: inline-block; width: 24px; color: var(--muted); text-align: right; margin-right: 2px;
}
.matrix tfoot td, .matrix tfoot th { border-bottom: 0; font-weight: 600; padding: 9px 12px; }
.matrix tbody tr:hover th, .matrix tbody tr:hover td {
  background: color-mix(in srgb, var(--ink) 4%, var(--card));
}
.cell {
  display: flex; align-items: center; gap: 6px; border-radius: 5px; padding: 3px 9px;
  text-decoration: none; font-size: 12.5px; line-height: 1.3; border: 1px solid transparent;
  width: fit-content; color: var(--ink);
}
.cell .icon { flex: none; color: inherit; }
.cell.held { color: var(--good); }
.cell.broke {
  background: var(--warn-soft); color: var(--warn-ink); border: 1px dashed var(--warn);
}
.cell.wrong { background: var(--alarm); color: var(--on-tone); font-weight: 650; }
.cell.open { background: var(--open-soft); color: var(--open); }
.cell.skipped { color: var(--muted); }
a.cell:hover { border-color: currentColor; border-style: solid; }
@media (max-width: 760px) {
  .matrix tbody th, .matrix tfoot th, .matrix thead th:first-child {
    min-width: 150px; max-width: 170px;
  }
  .matrix tbody th small { display: none; }
}
`;
