import type { Step } from "../schedule/step.ts";
import { ending, oneVoter, row, take, warmUp } from "./directed.ts";
import { expect, type Scenario } from "./scenario.ts";
import { minority, underWork, workingRow } from "./working.ts";

/** Nodes that are full, stopped or busy, and clients that differ: rows 29 and 35 to 38. */
export const nodeRows: readonly Scenario[] = [
  row({
    name: "out-of-memory",
    row: 29,
    about: "All nodes are out of memory and evict nothing: acquire fails, release works.",
    expectations: expect(),
    schedule: () => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      ...[1, 2, 3].map((node): Step => ({ do: "fill", node })),
      ...take("B", { waitMs: 300, againMs: 300 }),
      { do: "leave", client: "A" },
      { do: "release", client: "A" },
      ...ending(),
    ],
  }),
  workingRow({
    name: "frozen-minority",
    row: 35,
    about: "As many nodes as may are stopped for longer than the ttl, again and again.",
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(
        plan,
        [1, 2].flatMap((): Step[] => [
          ...minority(plan).map((node): Step => ({ do: "freeze", node })),
          { do: "wait", ms: plan.ttlMs + 300 },
          ...minority(plan).map((node): Step => ({ do: "thaw", node })),
          { do: "wait", ms: 500 },
        ]),
      ),
  }),
  workingRow({
    name: "busy-minority",
    row: 36,
    about: "As many nodes as may run long scripts, or are paused by CLIENT PAUSE.",
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(plan, [
        ...minority(plan).map((node): Step => ({ do: "pauseCommands", node, ms: 900 })),
        { do: "wait", ms: 1_500 },
        { do: "busy", node: 1, ms: 900 },
        { do: "wait", ms: 1_500 },
      ]),
  }),
  workingRow({
    name: "sleeping-minority",
    row: 36,
    about: "As many nodes as may sleep (DEBUG SLEEP), again and again.",
    leastAvailability: 0.99,
    mayDebug: true,
    schedule: (plan) =>
      underWork(
        plan,
        [1, 2].flatMap((): Step[] => [
          ...minority(plan).map((node): Step => ({ do: "sleep", node, ms: 1_200 })),
          { do: "wait", ms: 1_800 },
        ]),
      ),
  }),
  row({
    name: "listed-twice",
    row: 37,
    about: "A client has a list in which one server stands twice, under two addresses.",
    odd: { A: { nodes: [1, 1, 2] } },
    // A is refused, with an error that says why.
    proof: () => ({ grants: 1 }),
    expectations: expect(),
    schedule: () => [
      ...warmUp("B"),
      { do: "cut", client: "A", node: 2 },
      { do: "cut", client: "B", node: 1 },
      ...take("A", { waitMs: 500, againMs: 500 }),
      { do: "enter", client: "A" },
      ...take("B", { waitMs: 500, againMs: 500 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      ...ending(),
    ],
  }),
  row({
    name: "disjoint-lists",
    row: 37,
    about: "Two clients have lists of nodes that share one of them only.",
    nodeCount: 5,
    odd: { A: { nodes: [1, 2, 3] }, B: { nodes: [3, 4, 5] } },
    // B is refused, with an error that says why.
    proof: (column) => ({ grants: column === "plain" ? 2 : 1 }),
    expectations: expect({ plain: { exclusion: "breaks" }, ours: { liveness: "either" } }),
    schedule: () => [
      ...warmUp("A"),
      ...take("A"),
      { do: "enter", client: "A" },
      ...take("B", { waitMs: 500 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      ...ending(),
    ],
  }),
  row({
    name: "different-settings",
    row: 38,
    about: "A client takes locks for longer than another one knows; a voter is restarted empty.",
    odd: { A: { wanted: { ttlMs: 6_000 } } },
    proof: (column) => ({ grants: column === "plain" ? 2 : 1 }),
    expectations: expect({ plain: { exclusion: "breaks" }, ours: { liveness: "either" } }),
    schedule: () =>
      oneVoter([
        { do: "kill", node: 2 },
        { do: "start", node: 2 },
        { do: "wait", ms: 2_200 },
      ]).map((step) =>
        step.do === "ask" && step.client === "A" ? { ...step, ttlMs: 6_000 } : step,
      ),
  }),
];
