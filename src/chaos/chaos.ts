import { arch, cpus, platform, release } from "node:os";
import { seededRandom } from "../testing.ts";
import { judge } from "./judge/judge.ts";
import { livenessOf } from "./judge/liveness.ts";
import type { NodeBand } from "./lane.ts";
import type { RunRecord } from "./record.ts";
import { clientLanes } from "./run/lanes.ts";
import { observe, type Observed } from "./run/run.ts";
import { without } from "./run/without.ts";
import type { Step } from "./schedule/step.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { System } from "./systems/system.ts";

/** One run, as it is asked for. What is undefined is the scenario's to say. */
export interface ChaosOptions {
  readonly system: System;
  readonly version: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly nodeCount?: number | undefined;
  readonly clientCount?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly ttlMs?: number | undefined;
  /** Played instead of what the scenario makes of the seed. */
  readonly schedule?: readonly Step[] | undefined;
  readonly replay: string;
  readonly peers: string;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

/** What is played: that of the options, or what the scenario makes of the seed. */
export function scheduleOf(options: ChaosOptions): readonly Step[] {
  const { scenario, seed } = options;
  const { ttlMs = scenario.ttlMs } = options;
  const nodeCount = nodeCountOf(options);
  const { authority } = options.system;
  const { durationMs = scenario.durationMs } = options;
  const random = seededRandom(seed);
  const clients = clientNames(options);
  return (
    options.schedule ??
    scenario.schedule({ random, authority, nodeCount, clients, ttlMs, durationMs })
  );
}

function nodeCountOf({ system, scenario, nodeCount }: ChaosOptions): number {
  return system.nodeCount ?? nodeCount ?? scenario.nodeCount;
}

/**
 * Runs a scenario with a system, and judges it.
 *
 * @throws the signal's reason when it ended the run. Nothing is left behind then.
 */
export async function chaos(options: ChaosOptions): Promise<RunRecord> {
  const { system, scenario, seed, peers, signal, onStep } = options;
  const { ttlMs = scenario.ttlMs } = options;
  const nodeCount = nodeCountOf(options);
  const recordedAt = new Date().toISOString();
  const schedule = scheduleOf(options);
  const clients = clientNames(options);
  const given = { system, scenario, seed, peers, signal, onStep };
  const observed = await observe({ ...given, nodeCount, clients, ttlMs, schedule });
  const liveness = livenessOf(observed, clients);
  const { name, row, about } = scenario;
  return {
    format: "quorumlock-chaos 1",
    system: { name: system.name, version: options.version, about: system.about },
    scenario: { name, row, about },
    seed: String(seed),
    replay: options.replay,
    recordedAt,
    durationMs: observed.until,
    machine: machine(observed),
    settings: {
      ...{ nodeCount, clientCount: clients.length, ttlMs },
      resources: scenario.resources,
      system: observed.settings,
    },
    clients: clientLanes(observed, clients),
    nodes: nodeBands(observed),
    links: observed.journal.links.take(observed.until),
    faults: observed.journal.faults,
    schedule,
    events: observed.journal.events.toSorted((a, b) => a.at - b.at),
    verdict: judge({ observed, system, scenario, liveness }),
    liveness,
  };
}

/** `A`, `B`, …, `Z`, `A1`, … */
function clientNames({ scenario, clientCount = scenario.clientCount }: ChaosOptions): string[] {
  return Array.from({ length: clientCount }, (_, index) => {
    const letter = String.fromCharCode(65 + (index % 26));
    return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
  });
}

function nodeBands({ nodes, journal, until }: Observed): NodeBand[] {
  const states = journal.nodeStates.take(until);
  return nodes.map(({ name, url }) => ({
    ...{ name, url },
    states: states.filter(({ node }) => node === name).map((state) => without(state, "node")),
  }));
}

function machine({ origin, hasSpaces, whyByProxy }: Observed): RunRecord["machine"] {
  const [first] = cpus();
  return {
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: `${cpus().length} x ${first?.model.trim() ?? "unknown"}`,
    masters: origin,
    partitions: hasSpaces ? "network namespaces" : "proxy",
    ...(whyByProxy !== undefined && { whyByProxy }),
  };
}
