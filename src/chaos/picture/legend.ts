import type { DrawnRun } from "./drawing-of.ts";
import { html, type Markup, type Part } from "./markup.ts";

/** One operation as it is drawn, with the names of its parts; and what the other signs mean. */
export function legend({ drawing }: DrawnRun): Markup {
  const states = new Set(
    [...drawing.nodes, ...drawing.clients].flatMap((each) => each.states.map(({ state }) => state)),
  );
  return html`<details class="legend" open>
    <summary>How to read it</summary>
    <div class="keys">
      ${anatomy()}
      <ul>
        ${sign(overlapSign, "two hold it at once")}
        ${sign(beyondSign, "at work, or believing, without a guarantee")}
        ${sign(lostSign, "its write overwrote another’s")}
        ${sign(fenceSign, "the fence refused its write")} ${sign(extendedSign, "extended")}
        ${sign(sharedSign, "shared with other readers")} ${sign(endSign("released"), "released")}
        ${sign(endSign("lost"), "lost")} ${sign(endSign("expired"), "expired")}
        ${sign(refusedSign, "gave up waiting")} ${sign(failedSign, "failed")}
        ${sign(voteSign, "a node’s vote")} ${sign(noVoteSign, "a node’s refusal")}
        ${nodeSigns.filter(([state]) => states.has(state)).map(([, tone, words]) => sign(band(tone), words))}
        ${drawing.nodes.some(({ links }) => links.length > 0) && sign(band("cut"), "cut off from clients")}
      </ul>
    </div>
  </details>`;
}

const nodeSigns = [
  ["down", "down", "process down"],
  ["frozen", "frozen", "process stopped"],
  ["quarantined", "quarantine", "node does not vote yet"],
  ["clock", "clock", "clock is off"],
] as const;

function sign(shape: Part, words: string): Markup {
  return html`<li>
    <svg viewBox="0 0 34 22" aria-hidden="true">${shape}</svg>
    ${words}
  </li>`;
}

/** The lane of a client, as it goes by: it waits, it has the lock, it works, it gives it back. */
function anatomy(): Markup {
  const label =
    "A lane: a thin bar while the client waits, a framed bar while the lock is guaranteed, a full one " +
    "in it while it works on the resource, a line below it while it believes that it holds the lock";
  return html`<svg class="anatomy" viewBox="0 0 470 112" role="img" aria-label="${label}">
    <rect class="wait" x="6" y="50" width="94" height="5" />
    <rect class="soft" x="100" y="40" width="270" height="25" />
    <rect class="edge" x="100.75" y="40.75" width="268.5" height="23.5" />
    <rect class="full" x="150" y="46" width="160" height="13" />
    <rect class="full" x="100" y="70" width="270" height="4" />
    <path class="end" d="M370 35v34" />
    <path class="hint" d="M50 60v24M190 62v22M345 78v6M280 36v-16" />
    <text class="token" x="101" y="34">
      #4711
      <tspan>fencing token</tspan>
    </text>
    <text x="216" y="13">lock guaranteed</text>
    <text x="18" y="98">waits for it</text>
    <text x="128" y="98">works on the resource</text>
    <text x="290" y="98">believes that it holds it</text>
    <text x="378" y="56">released</text>
  </svg>`;
}

const overlapSign = html`<rect class="alarm-soft" x="9" y="0" width="16" height="22" />
  <rect class="soft" x="1" y="3" width="24" height="7" /><rect
    class="soft"
    x="9"
    y="13"
    width="24"
    height="7"
  />
  <rect class="alarm-box" x="9" y="2" width="16" height="8" /><rect
    class="alarm-box"
    x="9"
    y="12"
    width="16"
    height="8"
  />`;
const beyondSign = html`<rect class="full" x="1" y="6" width="14" height="8" />
  <rect class="warn-box" x="15" y="6" width="17" height="8" /><path
    class="warn-line"
    d="M15 18.5h17"
  />
  <path class="full-line" d="M1 18.5h14" />`;
const extendedSign = html`<rect class="soft" x="2" y="7" width="30" height="11" /><path
    class="full"
    d="M14 3l6 3.5-6 3.5z"
  />`;
const sharedSign = html`<rect class="soft" x="2" y="6" width="30" height="11" /><rect
    class="edge"
    x="2.5"
    y="6.5"
    width="29"
    height="10"
    stroke-dasharray="3 2"
  />`;
const lostSign = html`<circle class="alarm-disc" cx="17" cy="11" r="7" /><path
    class="mark"
    d="M14 8l6 6M20 8l-6 6"
  />`;
const fenceSign = html`<circle class="ink-disc" cx="17" cy="11" r="7" /><path
    class="mark"
    d="M13 11h8"
  />`;
const refusedSign = html`<rect class="wait" x="2" y="9" width="20" height="4" /><path
    class="quiet-line"
    d="M20 8l6 6M26 8l-6 6"
  />`;
const failedSign = html`<rect class="wait" x="2" y="9" width="20" height="4" /><path
    class="warn-line"
    d="M19 7l8 8M27 7l-8 8"
  />`;
const voteSign = html`<path class="vote-line" d="M12 4v14M17 4v14M22 4v14" />`;
const noVoteSign = html`<circle class="ring" cx="17" cy="11" r="4" />`;

function endSign(ending: "released" | "lost" | "expired"): Markup {
  return html`<rect class="soft" x="1" y="6" width="21" height="11" />
    <path class="end ${ending}" d="M22 3v17" />
    ${ending === "lost" && html`<path class="warn-line" d="M26 3l5 5M31 3l-5 5" />`}`;
}

function band(tone: string): Markup {
  return html`<rect class="band ${tone}" x="1.5" y="4.5" width="31" height="13" />`;
}
