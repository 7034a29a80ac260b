/** The page's text: its head, tables, lists. */
export const textStyle = `
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; text-rendering: optimizeLegibility;
}
main { max-width: 1560px; margin: 0 auto; padding: 28px clamp(14px, 3vw, 44px) 64px; }
h1 {
  font-size: clamp(21px, 2.3vw, 29px); line-height: 1.25; margin: 6px 0 10px; max-width: 46em;
  letter-spacing: -0.01em; text-wrap: balance;
}
h2 { font-size: 19px; line-height: 1.3; margin: 40px 0 8px; letter-spacing: -0.005em; }
h3 { font-size: 14px; margin: 0 0 6px; }
p { margin: 0 0 10px; max-width: 80ch; }
a { color: var(--link); text-underline-offset: 2px; }
code, kbd, pre, time, .token {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:focus-visible { outline: 2.5px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.note { color: var(--muted); font-size: 13px; max-width: none; }
.icon {
  width: 1em; height: 1em; vertical-align: -0.13em; fill: none; stroke: currentColor;
  stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round;
}
.icon.good, .icon.expected { color: var(--good); }
.icon.bad { color: var(--alarm); }
.icon.open, .icon.counted { color: var(--muted); }
.brand {
  display: flex; flex-wrap: wrap; gap: 2px 20px; max-width: none; color: var(--muted);
  font-size: 13.5px; margin-bottom: 22px; padding-bottom: 12px;
  border-bottom: 1px solid var(--rule);
}
.brand strong { color: var(--ink); }
.brand b { font-weight: 600; color: var(--ink); }
.outcome {
  display: inline-flex; align-items: center; gap: 8px; margin: 0; padding: 3px 13px 3px 9px;
  border-radius: 99px; font-weight: 650; font-size: 15px;
}
.outcome .icon { width: 19px; height: 19px; color: inherit; }
.outcome.good { color: var(--good); background: var(--good-soft); }
.outcome.bad { color: var(--alarm-ink); background: var(--alarm-soft); }
.outcome.open { color: var(--open); background: var(--open-soft); }
.about { color: var(--muted); }
.about b { font-weight: 600; }
.summary {
  display: grid; grid-template-columns: minmax(0, 6fr) minmax(0, 5fr); gap: 18px 56px;
  align-items: start; margin-top: 18px;
}
.summary h2 { margin: 0 0 8px; font-size: 14px; }
.summary > :only-child { grid-column: 1 / -1; }
.promises { border-collapse: collapse; width: 100%; max-width: 940px; font-size: 14px; }
.promises caption { text-align: left; font-weight: 650; padding-bottom: 4px; }
.promises th, .promises td {
  text-align: left; font-weight: 400; padding: 4px 16px 4px 0;
  border-bottom: 1px solid var(--rule); vertical-align: top;
}
.promises thead th { color: var(--muted); font-size: 12.5px; padding-block: 1px 3px; }
.promises td:nth-child(2) { color: var(--muted); white-space: nowrap; }
.promises tbody th { font-weight: 500; }
.promises .found { white-space: nowrap; }
.promises .quiet th, .promises .quiet td { color: var(--muted); }
.figures { display: flex; flex-wrap: wrap; gap: 8px 44px; margin: 16px 0 0; padding: 0; }
.figures dt { color: var(--muted); font-size: 12.5px; line-height: 1.3; }
.figures dd {
  margin: 0; font-size: 19px; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em;
}
.findings ol { margin: 0; padding: 0; list-style: none; display: grid; gap: 8px; }
.findings > ol > li, .findings .more > ol > li {
  background: var(--card); border: 1px solid var(--rule); border-left: 4px solid var(--warn);
  border-radius: 6px; padding: 9px 14px;
}
.findings li.wrong { border-left-color: var(--alarm); }
.wrong .button { color: var(--alarm-ink); }
.findings li p { margin: 0; max-width: none; font-size: 14px; }
.findings summary, .again summary, #in-words summary, .legend summary {
  cursor: pointer; color: var(--muted); font-size: 13px; width: fit-content;
}
.findings .more { margin-top: 8px; }
.findings .steps { padding: 6px 0 2px 0; font-size: 13.5px; gap: 2px; }
.steps time, #in-words time { color: var(--muted); font-size: 12.5px; margin-right: 8px; }
.tag { color: var(--muted); font-size: 12.5px; white-space: nowrap; margin-left: 6px; }
.button, button, select {
  font: inherit; font-size: 13.5px; color: var(--ink); background: var(--card);
  border: 1px solid var(--rule); border-radius: 6px; padding: 3px 10px; cursor: pointer;
  text-decoration: none; min-height: 30px;
}
.button {
  display: inline-block; min-height: 0; padding: 0 10px; margin-right: 8px;
  color: var(--warn-ink); border-color: currentColor; font-weight: 600;
}
button:hover, select:hover, .button:hover { border-color: var(--wait-edge); }
.again .columns {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 22px 48px;
  margin: 18px 0;
}
.again dl { margin: 0; font-size: 13.5px; }
.again dl div { display: grid; grid-template-columns: 132px 1fr; gap: 10px; padding: 2px 0; }
.again dt { color: var(--muted); }
.again dd { margin: 0; overflow-wrap: anywhere; }
.command { display: flex; gap: 10px; max-width: none; align-items: center; }
.command code {
  background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: 6px 12px;
  overflow-x: auto; font-size: 13.5px;
}
pre {
  background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 14px;
  overflow-x: auto; font-size: 12.5px;
}
#in-words ol { padding-left: 0; list-style: none; font-size: 13.5px; }
#in-words small { color: var(--muted); font-size: 12.5px; }
@media (max-width: 1000px) {
  .summary { grid-template-columns: minmax(0, 1fr); }
  .figures { gap: 8px 28px; }
  .promises .found, .promises td:nth-child(2) { white-space: normal; }
}
`;
