import type { RunRecord, Step } from "../record.ts";
import { html, type Markup } from "./markup.ts";
import { count, duration, grouped } from "./page/wording.ts";

const mostSteps = 300;

/** How to run it again, and all that was set. */
export function aboutPart(record: RunRecord): Markup {
  const { replay, system, machine, settings, recordedAt, schedule } = record;
  const own = Object.entries(settings.system).map(([name, value]) => `${name}: ${value}`);
  return html`<section class="again" aria-labelledby="again">
    <h2 id="again">The same again</h2>
    <p class="command">
      <code id="replay">${replay}</code>
      <button type="button" id="copy">Copy</button>
    </p>
    <div class="columns">
      ${list("What ran", [
        ["system", `${system.name} ${system.version}`],
        ["", system.about],
        ["seed", record.seed],
        ["ttl", duration(settings.ttlMs)],
        ["resources", resourcesOf(settings.resources)],
        ["options", own.length === 0 ? "its defaults" : own.join(", ")],
      ])}
      ${list("Where", [
        ["recorded", recordedAt],
        ["Node.js", machine.node],
        ["system", machine.os],
        ["processor", machine.cpu],
        ["masters", machine.masters],
        ["links are cut by", machine.partitions],
        ["no network namespaces", machine.whyByProxy],
      ])}
      ${list("How it went", livenessOf(record))}
    </div>
    ${schedule.length > 0 && scheduleOf(schedule)}
  </section>`;
}

type Entry = readonly [name: string, value: string | undefined];

function list(title: string, entries: readonly Entry[]): Markup {
  const shown = entries.filter(([, value]) => value !== undefined);
  return html`<div>
    <h3>${title}</h3>
    <dl>
      ${shown.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

function resourcesOf(resources: readonly string[]): string {
  const rest = resources.length - 8;
  return resources.slice(0, 8).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function livenessOf({ liveness }: RunRecord): Entry[] {
  const { refusedCount, failedCount, unsettledCount, failureMs, leftoverCount } = liveness;
  const optional = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : duration(ms);
  return [
    ["refused", grouped(refusedCount)],
    ["failed", grouped(failedCount)],
    ["without an answer", grouped(unsettledCount)],
    ["an error took", failureMs.count === 0 ? undefined : `${duration(failureMs.p50)} (median)`],
    ["after a crash", optional(liveness.afterCrashMs)],
    ["fairness (Jain)", liveness.fairness.toFixed(2)],
    ["keys left behind", grouped(leftoverCount)],
    ["writes lost without fence", grouped(liveness.lostWriteCount)],
    ["writes that the fence refused", grouped(liveness.refusedWriteCount)],
    ["commands for a grant", liveness.commandsPerGrant?.toFixed(1)],
  ];
}

function scheduleOf(schedule: readonly Step[]): Markup {
  const lines = schedule.slice(0, mostSteps).map((step) => JSON.stringify(step));
  const rest = schedule.length - lines.length;
  if (rest > 0) lines.push(`… and ${grouped(rest)} more, in the record`);
  return html`<details>
    <summary>The schedule: ${count(schedule.length, "step")}</summary>
    <pre>${lines.join("\n")}</pre>
  </details>`;
}
