import { authorityNames, isDatabase } from "../../chaos/authority.ts";
import { scenarios } from "../../chaos/scenarios/scenarios.ts";
import type { Scenario } from "../../chaos/scenarios/scenario.ts";
import { systems } from "../../chaos/systems/systems.ts";
import type { System } from "../../chaos/systems/system.ts";
import { countOption, parseOptions, UsageError } from "../option.ts";

/** What was asked for, understood. */
export interface Chosen {
  readonly runs: readonly { readonly system: System; readonly scenario: Scenario }[];
  readonly seed: number;
  readonly nodeCount: number | undefined;
  readonly clientCount: number | undefined;
  readonly durationMs: number | undefined;
  readonly ttlMs: number | undefined;
  readonly out: string | undefined;
  readonly isJson: boolean;
  readonly scheduleFile: string | undefined;
  readonly isPrinting: boolean;
}

const kinds = {
  scenario: "list",
  system: "list",
  seed: "number",
  nodes: "number",
  clients: "number",
  duration: "text",
  "ttl-ms": "number",
  out: "text",
  json: "flag",
  schedule: "text",
  "print-schedule": "flag",
} as const;

const defaultScenario = "mix";
const defaultSystem = "quorumlock";

/** @throws {UsageError} that names what cannot be understood. */
export function chosen(argv: readonly string[]): Chosen {
  const given = parseOptions(argv, kinds);
  const ranges = {
    seed: { name: "seed", least: 0, most: 2 ** 32 - 1 },
    nodes: { name: "nodes", least: 3, most: 99 },
    clients: { name: "clients", least: 1, most: 64 },
    ttl: { name: "ttl-ms", least: 1_000, most: 60_000 },
  };
  const runs = runsFor(named(given.scenario, defaultScenario), named(given.system, defaultSystem));
  const fixed = runs.find(({ system }) => system.nodeCount !== undefined)?.system;
  if (given.nodes !== undefined && fixed?.nodeCount !== undefined) {
    throw new UsageError(`--nodes: ${fixed.name} always has ${fixed.nodeCount}`);
  }
  return {
    runs,
    seed: countOption(given.seed, { ...ranges.seed, otherwise: 1 }),
    nodeCount: optional(given.nodes, ranges.nodes),
    clientCount: optional(given.clients, ranges.clients),
    durationMs: durationOf(given.duration),
    ttlMs: optional(given["ttl-ms"], ranges.ttl),
    out: given.out,
    isJson: given.json,
    scheduleFile: given.schedule,
    isPrinting: given["print-schedule"],
  };
}

/** The command that runs this one again. */
export function replayOf(choice: Chosen, scenario: Scenario, system: System): string {
  const { seed, nodeCount, clientCount, durationMs, ttlMs, scheduleFile } = choice;
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ["scenario", scenario.name],
    ["system", system.name],
    ["seed", seed],
    ["nodes", nodeCount],
    ["clients", clientCount],
    ["duration", durationMs === undefined ? undefined : `${durationMs}ms`],
    ["ttl-ms", ttlMs],
    ["schedule", scheduleFile],
  ];
  const said = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  );
  return `quorumlock chaos ${said.join(" ")}`;
}

function runsFor(scenarioNames: readonly string[], systemNames: readonly string[]): Chosen["runs"] {
  // A group and one of it, or twice the same, is still one of each.
  const wantedSystems = new Set(systemNames.flatMap(systemsNamed));
  const wantedScenarios = new Set(scenarioNames.flatMap(scenariosNamed));
  const isAll = scenarioNames.includes("all");
  const isGroup = systemNames.some((name) => Object.hasOwn(groups, name));
  const runs = [...wantedSystems].flatMap((system) =>
    [...wantedScenarios]
      // A mutant is tried where it shows; elsewhere nobody expects anything of it.
      .filter(({ name }) => !isAll || system.scenarios?.includes(name) !== false)
      .filter((scenario) => makesSense(scenario, system, isAll || isGroup))
      .map((scenario) => ({ system, scenario })),
  );
  if (runs.length > 0) return runs;
  throw new UsageError(
    `--scenario: ${scenarioNames.join(", ")} makes no sense for any of ${systemNames.join(", ")}`,
  );
}

/** @throws {UsageError} when it does not, and just that was asked for. */
function makesSense(scenario: Scenario, system: System, mayBeLeftOut: boolean): boolean {
  const { authorities, name } = scenario;
  // What makes sense for a database does so for a master alone.
  const isEnough = system.nodeCount !== 1 || authorities.some(isDatabase);
  if (authorities.includes(system.authority) && isEnough) return true;
  if (mayBeLeftOut) return false;
  const names = authorities.map((authority) => authorityNames[authority]).join(", ");
  const those = isEnough ? names : `${names}, and not for one server`;
  throw new UsageError(
    `--scenario: ${name} makes no sense for ${system.name}: it is for ${those}. See: quorumlock chaos list`,
  );
}

const groups: Readonly<Record<string, (system: System) => boolean>> = {
  all: ({ kind }) => kind !== "mutant" && kind !== "recipe",
  ours: ({ kind }) => kind === "ours",
  peers: ({ kind }) => kind === "peer",
  mutants: ({ kind }) => kind === "mutant",
  recipes: ({ kind }) => kind === "recipe",
};

function systemsNamed(name: string): readonly System[] {
  const found = systems.filter(groups[name] ?? ((system) => system.name === name));
  if (found.length > 0) return found;
  throw new UsageError(`--system: there is no ${JSON.stringify(name)}. See: quorumlock chaos list`);
}

function scenariosNamed(name: string): readonly Scenario[] {
  const found = name === "all" ? scenarios : scenarios.filter((each) => each.name === name);
  if (found.length > 0) return found;
  throw new UsageError(
    `--scenario: there is no ${JSON.stringify(name)}. See: quorumlock chaos list`,
  );
}

/** `--system a,b --system c` are three. */
function named(given: readonly string[], otherwise: string): readonly string[] {
  const names = given.length === 0 ? [otherwise] : given.flatMap((each) => each.split(","));
  return names.map((name) => name.trim());
}

function optional(
  given: string | undefined,
  range: { readonly name: string; readonly least: number; readonly most: number },
): number | undefined {
  return given === undefined ? undefined : countOption(given, { ...range, otherwise: 0 });
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function durationOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const [, count, unit = ""] = /^(\d+)(ms|s|m|h)$/.exec(given) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (ms >= 1_000 && ms <= 24 * 3_600_000) return ms;
  throw new UsageError(`--duration: expected 1s to 24h, such as 20s or 10m, got ${given}`);
}
