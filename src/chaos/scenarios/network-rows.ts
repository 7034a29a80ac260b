import { everywhere } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { ending, row, take, warmUp } from "./directed.ts";
import { expect, type Plan, type Scenario } from "./scenario.ts";
import { majority, minority, underWork, workingRow } from "./working.ts";

/** No faults, dead nodes, and what networks do: rows 1 to 8. */
export const networkRows: readonly Scenario[] = [
  workingRow({
    name: "calm",
    row: 1,
    authorities: everywhere,
    about: "Nothing is hurt; ten clients, one resource.",
    clientCount: 10,
    resources: ["r"],
    proof: () => ({ grants: 10 }),
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(plan, [{ do: "wait", ms: plan.durationMs }]).filter(
        (step) => !("resources" in step) || !step.resources.includes("s"),
      ),
  }),
  row({
    name: "reader-and-writer",
    row: 1,
    about: "A reader asks while a writer is there, and a writer while a reader is.",
    expectations: expect(),
    schedule: () => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      ...take("B", { mode: "shared", waitMs: 200 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      { do: "release", client: "A" },
      ...take("B", { mode: "shared", waitMs: 500 }),
      { do: "enter", client: "B" },
      ...take("A", { waitMs: 200 }),
      { do: "enter", client: "A" },
      { do: "leave", client: "A" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  workingRow({
    name: "minority-dead",
    row: 2,
    authorities: ["redis", "zookeeper"],
    about: "As many nodes as may are killed, and stay dead.",
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(plan, [
        ...minority(plan).map((node): Step => ({ do: "kill", node })),
        { do: "wait", ms: plan.durationMs },
      ]),
  }),
  workingRow({
    name: "slow-close",
    row: 2,
    about: "Nodes die and come back, and clients hear of the end of their connections late.",
    leastAvailability: 0.99,
    isPersistent: true,
    schedule: (plan) =>
      underWork(plan, [
        { do: "closeSlowly", ms: 1_500 },
        ...minority(plan).flatMap((node): Step[] => [
          { do: "kill", node },
          { do: "wait", ms: plan.durationMs / 4 },
          { do: "start", node },
          { do: "wait", ms: plan.durationMs / 4 },
        ]),
      ]),
  }),
  workingRow({
    name: "majority-dead",
    row: 3,
    authorities: everywhere,
    about: "One more is killed: nobody gets a lock, and everybody hears it soon.",
    proof: () => ({ grants: 4 }),
    outage: { longestErrorMs: 2_000 },
    schedule: (plan) =>
      underWork(plan, [
        ...majority(plan).map((node): Step => ({ do: "kill", node })),
        { do: "wait", ms: plan.durationMs / 2 },
      ]),
  }),
  workingRow({
    name: "minority-side",
    row: 4,
    about: "One client reaches a minority of the nodes only; the others go on.",
    schedule: (plan) =>
      underWork(plan, [
        ...majority(plan).map((node): Step => ({ do: "cut", client: "A", node })),
        { do: "wait", ms: plan.durationMs },
      ]),
  }),
  row({
    name: "minority-left-clean",
    row: 4,
    about:
      "A client gets the votes of a minority, and leaves nothing there that is in others' way.",
    proof: () => ({ grants: 1 }),
    expectations: expect(),
    owed: { B: 2 },
    schedule: () => [
      ...warmUp("A", "B"),
      { do: "cut", client: "A", node: 2 },
      { do: "cut", client: "A", node: 3 },
      { do: "cut", client: "B", node: 3 },
      ...take("A"),
      ...take("B", { waitMs: 500, againMs: 500 }),
      ...ending(),
    ],
  }),
  workingRow({
    name: "disjoint-halves",
    row: 5,
    about: "Two clients reach disjoint halves of the nodes, which change all the time.",
    clientCount: 2,
    // Two clients: the lock that one waits for has to change hands now and then.
    durationMs: 15_000,
    schedule: (plan) => underWork(plan, flapping(plan)),
  }),
  workingRow({
    name: "replies-lost",
    row: 6,
    authorities: everywhere,
    about: "Requests get through, replies do not, and then the connection breaks.",
    schedule: (plan) =>
      underWork(
        plan,
        plan.clients.slice(0, 3).flatMap((client): Step[] => [
          { do: "hold", client, direction: "replies" },
          { do: "wait", ms: 700 },
          { do: "reset", client },
          { do: "mend", client },
          { do: "wait", ms: 600 },
        ]),
      ),
  }),
  workingRow({
    name: "slow-minority",
    row: 7,
    about: "As many nodes as may are slower than a round may last.",
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(plan, [
        ...minority(plan).map((node): Step => ({ do: "slow", node, ms: 400, jitterMs: 100 })),
        { do: "wait", ms: plan.durationMs },
      ]),
  }),
  workingRow({
    name: "narrow-minority",
    row: 7,
    about: "The ways to as many nodes as may take 2 000 bytes a second: what is sent piles up.",
    leastAvailability: 0.99,
    schedule: (plan) =>
      underWork(plan, [
        ...minority(plan).map((node): Step => ({ do: "narrow", node, bytesPerSecond: 2_000 })),
        { do: "wait", ms: plan.durationMs },
      ]),
  }),
  row({
    name: "slower-than-validity",
    row: 8,
    authorities: everywhere,
    about: "All answers come when the validity would be over: no lock may be handed out.",
    proof: () => ({ grants: 1 }),
    expectations: expect(),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      { do: "slow", client: "A", ms: ttlMs / 2 + 50 },
      ...take("A", { waitMs: 100 }),
      { do: "wait", ms: ttlMs },
      ...ending(),
    ],
  }),
];

/** Now A has the first half and B the second one, now the other way round. */
function flapping({ nodeCount, durationMs }: Plan): Step[] {
  const nodes = Array.from({ length: nodeCount }, (_, index) => index + 1);
  const half = Math.floor(nodeCount / 2);
  const isLow = (node: number): boolean => node <= half;
  const isHigh = (node: number): boolean => node > nodeCount - half;
  const turns = Math.max(2, Math.floor(durationMs / 1_200));
  return Array.from({ length: turns }, (_, turn) => turn % 2 === 0).flatMap((isEven): Step[] => [
    ...nodes
      .filter((node) => !(isEven ? isLow : isHigh)(node))
      .map((node): Step => ({ do: "cut", client: "A", node })),
    ...nodes
      .filter((node) => !(isEven ? isHigh : isLow)(node))
      .map((node): Step => ({ do: "cut", client: "B", node })),
    { do: "wait", ms: 500 },
    { do: "mend" },
    { do: "wait", ms: 700 },
  ]);
}
