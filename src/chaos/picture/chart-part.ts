import type { RunRecord } from "../record.ts";
import type { DrawnRun } from "./drawing-of.ts";
import { legend } from "./legend.ts";
import { html, type Markup } from "./markup.ts";
import { count } from "./page/wording.ts";

/** The frame in which the page's script draws. */
export function chartPart(record: RunRecord, run: DrawnRun): Markup {
  const { clients, nodes } = record;
  const lanes = `${count(clients.length, "client")} and ${count(nodes.length, "node")}`;
  return html`<section class="picture" aria-labelledby="picture">
    <h2 id="picture">What happened</h2>
    <p class="lead">${lead(run)}</p>
    ${legend(run)} ${toolbar()}
    <div id="overview" aria-hidden="true" title="The whole run. Drag to choose a part of it.">
      <canvas></canvas>
      <div class="window"></div>
    </div>
    <div
      id="chart"
      tabindex="0"
      role="application"
      aria-roledescription="timeline"
      aria-label="Timeline of ${lanes}"
      aria-describedby="keys"
    >
      <svg class="ground" aria-hidden="true"></svg>
      <svg class="front" aria-hidden="true"></svg>
      <div class="over"><span class="stamp" hidden></span></div>
    </div>
    ${keysNote()} ${leftOutNote(run)}
    <noscript
      ><p class="note">
        The picture is drawn by a script, which this browser does not run.
      </p></noscript
    >
    <p id="spoken" class="unseen" aria-live="polite"></p>
    <details id="in-words">
      <summary>The same in words: all that is in view</summary>
      <p class="note"></p>
      <ol></ol>
    </details>
    <div id="card" role="status" hidden></div>
  </section>`;
}

function keysNote(): Markup {
  return html`<p id="keys" class="note">
    <kbd>Ctrl</kbd> + wheel zooms, a drag moves, a click pins the card. Keys, with the picture in
    focus: <kbd>←</kbd> <kbd>→</kbd> from event to event, <kbd>↑</kbd> <kbd>↓</kbd> from row to row,
    <kbd>Enter</kbd> zooms in on it, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>Shift</kbd> + arrows move,
    <kbd>0</kbd> the whole run, <kbd>Esc</kbd> lets go.
  </p>`;
}

function leftOutNote({ leftOut }: DrawnRun): Markup {
  if (leftOut.length === 0) return html``;
  return html`<p class="note left-out"><b>Left out of this picture:</b> ${leftOut.join("; ")}.</p>`;
}

function lead({ lockOverlapCount, sectionOverlapCount, operationCount }: DrawnRun): string {
  const asked = `${count(operationCount, "call")} of acquire.`;
  const times = (number: number): string => (number === 1 ? "once" : count(number, "time"));
  const work = `two were at work on one resource at the same time: ${times(sectionOverlapCount)}`;
  if (lockOverlapCount > 0) {
    const locks = `Two had one lock guaranteed at the same time: ${times(lockOverlapCount)}`;
    return `${asked} ${locks}; ${sectionOverlapCount > 0 ? work : "no two were at work"}.`;
  }
  if (sectionOverlapCount > 0) return `${asked} No two had one lock guaranteed, but ${work}.`;
  return `${asked} No two had one lock at the same time, and no two were at work at the same time.`;
}

function toolbar(): Markup {
  return html`<div id="toolbar" role="toolbar" aria-label="View and filter">
    <div class="set">
      <button type="button" id="farther" aria-label="Zoom out">−</button>
      <button type="button" id="closer" aria-label="Zoom in">+</button>
      <button type="button" id="earlier" aria-label="Earlier">‹</button>
      <button type="button" id="later" aria-label="Later">›</button>
      <button type="button" id="whole">Whole run</button>
    </div>
    <div class="set">
      <button type="button" id="finding-before" aria-label="Finding before">‹ Finding</button>
      <button type="button" id="finding-after" aria-label="Next finding">Finding ›</button>
    </div>
    <output id="range" aria-live="off"></output>
    <label class="push">
      Resource
      <select id="resource">
        <option value="">all</option>
      </select>
    </label>
    <details class="choice">
      <summary>Clients</summary>
      <div id="clients" role="group" aria-label="Clients that are shown">
        <button type="button" id="all-clients">All or none</button>
      </div>
    </details>
  </div>`;
}
