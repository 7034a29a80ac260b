import type {
  FaultNote,
  LinkSpan,
  NodeBand,
  NodeState,
  RunRecord,
  Span,
} from "../../../src/chaos/record.ts";
import { seededRandom } from "../../../src/testing.ts";
import { MadeUpClient } from "./made-up-client.ts";
import { findingOf, verdictOf } from "./made-up-verdict.ts";

export interface MadeUpOptions {
  readonly seed?: number;
  /** So many calls of acquire, more or less. */
  readonly operationCount?: number;
  readonly clientCount?: number;
  readonly resourceCount?: number;
  /** How many times a second client gets what a first one still has. */
  readonly overlapCount?: number;
}

/** A run that never was: random, but without contradictions; the same for the same seed. */
export function madeUp(options: MadeUpOptions = {}): RunRecord {
  const { seed = 1, operationCount = 1_000, clientCount = 6, resourceCount = 2 } = options;
  const { overlapCount = 0 } = options;
  const random = seededRandom(seed);
  const resources = Array.from({ length: resourceCount }, (_, index) => `invoice:${index + 1}`);
  const clients = Array.from({ length: clientCount }, (_, index) => {
    return new MadeUpClient(
      String.fromCodePoint(65 + (index % 26)) + (index < 26 ? "" : index),
      random,
    );
  });
  const nodes = ["node 1", "node 2", "node 3", "node 4", "node 5"];
  const overlapEvery =
    overlapCount === 0 ? Infinity : Math.floor(operationCount / (overlapCount + 1));
  const free = new Map(resources.map((resource) => [resource, 5]));
  const findings = [];
  let token = 1_763_837_749_000_000;
  let since = 0;
  for (let turn = 0; turn < operationCount; turn++) {
    const client = clients[Math.floor(random.next() * clientCount)]!;
    const resource = resources[Math.floor(random.next() * resourceCount)]!;
    const last = free.get(resource)!;
    const isOverlap = ++since > overlapEvery && findings.length < overlapCount && turn > 0;
    const at = Math.max(
      isOverlap ? last - 40 : last + 0.4 + random.next() * 2,
      client.freeAt + 0.2,
    );
    if (random.next() < 0.12) client.giveUp(resource, at, nodes);
    else {
      token += 1 + Math.floor(random.next() * 900);
      const other = clients.find((each) => each !== client && each.holds(resource, at));
      const grant = client.hold({ resource, at, token, nodes });
      free.set(resource, Math.max(grant.until, last));
      if (isOverlap && other !== undefined) {
        findings.push(findingOf({ resource, at, client, other }));
        since = 0;
      }
    }
  }
  const durationMs = Math.max(...clients.map(({ freeAt }) => freeAt)) + 50;
  clients[1]?.suffer("frozen", durationMs * 0.42, durationMs * 0.46);
  clients[2]?.suffer("down", durationMs * 0.7, durationMs * 0.74);
  return {
    format: "quorumlock-chaos 1",
    system: { name: "redlock", version: "5.0.0-beta.2", about: "Its documented defaults." },
    scenario: {
      name: "restart-one-voter",
      row: 23,
      about:
        "A has the votes of nodes 1 and 2; node 2 is killed and comes back without its data; B asks nodes 2 and 3.",
    },
    seed: String(seed),
    replay: `quorumlock chaos --scenario restart-one-voter --system redlock --seed ${seed}`,
    recordedAt: "2026-11-22T19:00:00.000Z",
    durationMs,
    machine: {
      node: "v20.20.2",
      os: "Linux 6.1 (x64)",
      cpu: "2 × EPYC",
      masters: "redis-server 7.0.15, local",
      partitions: "proxy",
    },
    settings: { nodeCount: 5, clientCount, ttlMs: 200, resources, system: { retryCount: 10 } },
    clients: clients.map((client) => client.lane),
    ...surroundings(
      nodes,
      clients.map(({ lane }) => lane.name),
      durationMs,
    ),
    schedule: [{ do: "work" }, { do: "kill", node: 2 }, { do: "start", node: 2 }, { do: "rest" }],
    events: clients.flatMap(({ events }) => events).toSorted((a, b) => a.at - b.at),
    ...verdictOf(findings, clients),
  };
}

/** Nodes that were up and down, links that were cut, and what was done to them. */
function surroundings(
  nodes: readonly string[],
  clients: readonly string[],
  durationMs: number,
): { nodes: NodeBand[]; links: LinkSpan[]; faults: FaultNote[] } {
  const part = (from: number, until: number): Span => ({
    from: from * durationMs,
    until: until * durationMs,
  });
  const up = (from: number, until: number): NodeState => ({
    ...part(from, until),
    state: "up",
    about: "",
  });
  const states: NodeState[][] = [
    [up(0, 1)],
    [
      up(0, 0.3),
      { ...part(0.3, 0.36), state: "down", about: "killed" },
      up(0.36, 1),
      {
        ...part(0.36, 0.5),
        state: "quarantined",
        about: "lost its data, does not vote until it may",
      },
    ],
    [up(0, 1), { ...part(0.55, 0.62), state: "frozen", about: "SIGSTOP" }],
    [
      up(0, 1),
      { ...part(0.75, 0.9), state: "clock", about: "its wall clock was set", clockOffsetMs: 3_000 },
    ],
    [up(0, 1)],
  ];
  const links = clients.slice(0, 2).map((client): LinkSpan => {
    return {
      ...part(0.62, 0.68),
      client,
      node: nodes[4]!,
      state: "cut",
      about: "connections break",
    };
  });
  const fault = (
    at: number,
    kind: FaultNote["kind"],
    about: string,
    isHealing = false,
  ): FaultNote => {
    return { at: at * durationMs, kind, about, nodes: [], clients: [], isHealing };
  };
  const faults = [
    fault(0.3, "kill", "node 2 is killed"),
    fault(0.36, "start", "node 2 is started, empty", true),
    fault(0.42, "freezeClient", "B is stopped"),
    fault(0.46, "thawClient", "B goes on", true),
    fault(0.55, "freeze", "node 3 is stopped"),
    fault(0.62, "cut", "A and B are cut off from node 5"),
    fault(0.75, "setClock", "the clock of node 4 goes 3 s ahead"),
    fault(0.95, "healAll", "everything is healed", true),
  ];
  const bands = nodes.map((name, index) => {
    return { name, url: `redis://127.0.0.1:${7_001 + index}`, states: states[index]! };
  });
  return { nodes: bands, links, faults };
}
