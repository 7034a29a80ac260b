import type { Finding, PropertyVerdict, RunRecord } from "../record.ts";
import { html, type Markup } from "./markup.ts";
import { count, grouped, instant } from "./page/wording.ts";

const openCount = 3;

/** What went wrong, each with the way to its place in the picture. */
export function findingsPart({ verdict }: RunRecord): Markup {
  const { findings, violationCounts, properties } = verdict;
  const promises = new Map(properties.map((each) => [each.property, each]));
  if (findings.length === 0) return html``;
  const total = Object.values(violationCounts).reduce((sum, each) => sum + each, 0);
  const rest = total - findings.length;
  const cards = findings.map((finding, index) =>
    card(finding, index + 1, promises.get(finding.property)),
  );
  return html`<section class="findings" aria-labelledby="findings">
    <h2 id="findings">${count(total, "finding")}</h2>
    ${rest > 0 && html`<p class="note">${restNote(findings.length, rest)}</p>`}
    <ol>
      ${cards.slice(0, openCount)}
    </ol>
    ${
      cards.length > openCount &&
      html`<details class="more">
        <summary>${count(cards.length - openCount, "more finding")}</summary>
        <ol start="${openCount + 1}">
          ${cards.slice(openCount)}
        </ol>
      </details>`
    }
  </section>`;
}

function restNote(shown: number, rest: number): string {
  return `These are the ${shown} worst; ${grouped(rest)} more are counted only.`;
}

function card(finding: Finding, number: number, promise: PropertyVerdict | undefined): Markup {
  const isWrong = promise?.isAsExpected !== true;
  const note = promise?.expected === "breaks" ? "as expected" : "only counted";
  const { check, message, excerpt, clients, resource } = finding;
  const whose = clients.length === 0 ? "" : ` · ${clients.join(", ")}`;
  return html`<li id="finding-${number}" class="${isWrong ? "wrong" : "counted"}">
    <p>
      <a class="button" href="#show-${number}"
        >Show<span class="unseen"> finding ${number} in the picture</span></a
      >
      ${message}
      <span class="tag"
        >${isWrong ? "" : `${note} · `}${check}${resource === undefined ? "" : ` · ${resource}`}${whose}</span
      >
    </p>
    ${
      excerpt.length > 0 &&
      html`<details>
        <summary>Step by step</summary>
        <ol class="steps">
          ${excerpt.map(({ at, text }) => html`<li><time>${instant(at)}</time> ${text}</li>`)}
        </ol>
      </details>`
    }
  </li>`;
}
