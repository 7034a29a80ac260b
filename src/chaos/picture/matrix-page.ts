import type { Verdict } from "../record.ts";
import { documentOf } from "./document.ts";
import { html, type Markup } from "./markup.ts";
import { broken, cell, describe, type MatrixRun } from "./matrix-cell.ts";
import { count } from "./page/wording.ts";
import { matrixStyle } from "./style/matrix-style.ts";
import { textStyle } from "./style/text-style.ts";

export type { MatrixRun };

/** Scenarios by systems, each cell what was found and the way to the picture, as one HTML file. */
export function matrixPageOf(runs: readonly MatrixRun[]): string {
  const systems = [...new Set(runs.map(({ system }) => system))];
  const scenarios = new Map(runs.map(({ scenario }) => [scenario.name, scenario]));
  return documentOf({
    title: "quorumlock chaos: systems by scenarios",
    style: textStyle + matrixStyle,
    body: html`<main>
      <header>
        <p class="brand"><strong>quorumlock chaos</strong></p>
        <h1>${headline(runs)}</h1>
        <p class="about">
          ${count(scenarios.size, "scenario")} with ${count(systems.length, "system")}. Each cell
          says what broke, and how often, and leads to the picture of the run. That two are at work
          at the same time, and that writes are lost without a fence, no lock can rule out: the
          pictures show it, this page does not.
        </p>
      </header>
      ${key()} ${unexpected(runs)}
      <div class="scroll" tabindex="0" role="region" aria-label="Systems by scenarios">
        ${table(runs, systems, [...scenarios.values()].toSorted(byRow))}
      </div>
    </main>`,
  });
}

function byRow(a: MatrixRun["scenario"], b: MatrixRun["scenario"]): number {
  return (a.row ?? Infinity) - (b.row ?? Infinity) || 0;
}

function headline(runs: readonly MatrixRun[]): string {
  const of = (outcome: Verdict["outcome"]): number =>
    runs.filter(({ verdict }) => verdict?.outcome === outcome).length;
  const ran = runs.filter(({ verdict }) => verdict !== undefined).length;
  const parts = [`${of("as expected")} as expected`];
  if (of("not as expected") > 0) parts.push(`${of("not as expected")} not as expected`);
  if (of("inconclusive") > 0) parts.push(`${of("inconclusive")} inconclusive`);
  if (ran < runs.length) parts.push(`${runs.length - ran} could not be run here`);
  const hurt = runs.filter(({ verdict }) => verdict !== undefined && broken(verdict).length > 0);
  const also = hurt.length > 0 ? ` Something broke in ${hurt.length}.` : "";
  return `${count(ran, "run")}: ${parts.join(", ")}.${also}`;
}

function key(): Markup {
  const entries = [
    ["held", "held", "all that had to hold held"],
    ["broke", "exclusion 2", "broke, as expected or allowed"],
    ["wrong", "exclusion 2", "not as expected"],
    ["open", "inconclusive", "too little happened"],
  ] as const;
  return html`<ul class="key" aria-label="What the cells mean">
    ${entries.map(
      ([look, words, about]) => html`<li><span class="cell ${look}">${words}</span> ${about}</li>`,
    )}
  </ul>`;
}

/** What somebody has to look at comes first. */
function unexpected(runs: readonly MatrixRun[]): Markup {
  const wrong = runs.filter(({ verdict }) => verdict?.outcome === "not as expected");
  if (wrong.length === 0) return html``;
  return html`<section aria-labelledby="wrong">
    <h2 id="wrong">Not as expected</h2>
    <ul class="wrong-list">
      ${wrong.map((run) => {
        const { system, scenario, href, seed } = run;
        const name = `${system}, ${scenario.name}, seed ${seed}`;
        return html`<li>
          ${href === undefined ? name : html`<a href="${href}">${name}</a>`}: ${describe(run)}
        </li>`;
      })}
    </ul>
  </section>`;
}

function table(
  runs: readonly MatrixRun[],
  systems: readonly string[],
  scenarios: readonly MatrixRun["scenario"][],
): Markup {
  const at = (system: string, scenario: string): MatrixRun[] =>
    runs.filter((run) => run.system === system && run.scenario.name === scenario);
  return html`<table class="matrix">
    <thead>
      <tr>
        <th scope="col">Scenario</th>
        ${systems.map((system) => html`<th scope="col">${system.replace(":", ": ")}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${scenarios.map(
        ({ name, row, about }) =>
          html`<tr>
            <th scope="row">
              <span class="number">${row ?? ""}</span> <b>${name}</b> <small>${about}</small>
            </th>
            ${systems.map((system) => html`<td>${at(system, name).map(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row">Something broke</th>
        ${systems.map((system) => html`<td>${brokenCount(runs, system)}</td>`)}
      </tr>
    </tfoot>
  </table>`;
}

/** In how many runs of a system something broke that a lock should hold. */
function brokenCount(runs: readonly MatrixRun[], system: string): string {
  const own = runs.flatMap((run) => (run.system === system ? (run.verdict ?? []) : []));
  return `${own.filter((verdict) => broken(verdict).length > 0).length} of ${own.length}`;
}
