import type { PropertyVerdict, RunRecord } from "../record.ts";
import { findingsPart } from "./findings-part.ts";
import { headlineOf } from "./headline.ts";
import { icon, type IconName } from "./icon.ts";
import { html, type Markup } from "./markup.ts";
import { count, duration, grouped } from "./page/wording.ts";

const headlines: Record<RunRecord["verdict"]["outcome"], readonly [IconName, string]> = {
  "as expected": ["good", "As expected"],
  "not as expected": ["bad", "Not as expected"],
  inconclusive: ["open", "Inconclusive"],
};

/** What came out of the run, in one sentence, and then promise by promise. */
export function verdictPart(record: RunRecord): Markup {
  const { system, scenario, verdict, seed, settings } = record;
  const [shape, word] = headlines[verdict.outcome];
  const row = scenario.row === undefined ? "" : `${scenario.row} `;
  const { nodeCount, clientCount, ttlMs } = settings;
  const places = `${count(nodeCount, "node")}, ${count(clientCount, "client")}`;
  return html`<header>
    <p class="brand">
      <strong>quorumlock chaos</strong>
      <span>${system.name} ${system.version}</span>
      <span>scenario ${row}<b>${scenario.name}</b></span>
      <span>seed <b>${seed}</b></span>
      <span>${places}, ttl ${duration(ttlMs)}</span>
      <span>${duration(record.durationMs)} long</span>
    </p>
    <p class="outcome ${shape}">${icon(shape)} ${word}</p>
    <h1>${headlineOf(verdict)}</h1>
    <p class="about"><b>What was done:</b> ${scenario.about}</p>
    ${figures(record)}
    <div class="summary">${promises(record)} ${findingsPart(record)}</div>
  </header>`;
}

const expectations: Record<PropertyVerdict["expected"], string> = {
  holds: "must hold",
  breaks: "expected to break",
  either: "only counted",
  none: "not promised",
};

function promises({ verdict }: RunRecord): Markup {
  return html`<table class="promises">
    <caption>
      What had to hold, and what did
    </caption>
    <thead>
      <tr>
        <th scope="col">Promise</th>
        <th scope="col">Here it</th>
        <th scope="col">Found</th>
      </tr>
    </thead>
    <tbody>
      ${verdict.properties.map((each) => promise(each, verdict))}
    </tbody>
  </table>`;
}

function promise(each: PropertyVerdict, { findings }: RunRecord["verdict"]): Markup {
  const { property, about, expected } = each;
  const first = findings.findIndex((finding) => finding.property === property);
  const found = foundOf(each);
  const link = html`<a href="#show-${first + 1}" title="Show the first in the picture"
    >${found}</a
  >`;
  return html`<tr class="${each.outcome === "not judged" && "quiet"}">
    <th scope="row">${about}</th>
    <td>${expectations[expected]}</td>
    <td class="found">${icon(shapeOf(each))} ${first === -1 ? found : link}</td>
  </tr>`;
}

function shapeOf({ outcome, isAsExpected, expected }: PropertyVerdict): IconName {
  if (!isAsExpected) return outcome === "not judged" ? "open" : "bad";
  if (outcome === "not judged") return "open";
  if (outcome === "held") return "good";
  return expected === "breaks" ? "expected" : "counted";
}

function foundOf({ outcome, violationCount, isAsExpected, expected }: PropertyVerdict): string {
  if (outcome === "not judged") return "not judged";
  if (outcome === "held")
    return expected === "breaks" && !isAsExpected ? "held all the same" : "held";
  const times = violationCount === 1 ? "once" : `${grouped(violationCount)} times`;
  return `broke ${times}${expected === "breaks" ? ", as it should" : ""}`;
}

/** How it went for those who wanted locks. */
function figures({ liveness }: RunRecord): Markup {
  const { requestCount, grantedCount, availability, acquireMs, recoveryMs } = liveness;
  const share = `${(availability * 100).toFixed(availability === 1 || availability === 0 ? 0 : 1)} %`;
  const entries: readonly (readonly [string, string])[] = [
    ["asked for", grouped(requestCount)],
    ["granted", grouped(grantedCount)],
    ["available", requestCount === 0 ? "–" : share],
    ["median wait", acquireMs.count === 0 ? "–" : duration(acquireMs.p50)],
    ["99 of 100 within", acquireMs.count === 0 ? "–" : duration(acquireMs.p99)],
    ["back after the faults", recoveryMs === undefined ? "–" : duration(recoveryMs)],
  ];
  return html`<dl class="figures">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
