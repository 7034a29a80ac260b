import type { Step } from "../schedule/step.ts";
import { oneVoter, row, take, warmUp, ending } from "./directed.ts";
import { expect, type Scenario } from "./scenario.ts";

const restart: Step[] = [
  { do: "kill", node: 2 },
  { do: "start", node: 2 },
];

/** Nodes that forget votes: rows 23 to 32, 38 and 39. */
export const forgetting: readonly Scenario[] = [
  row({
    name: "restart-empty",
    row: 23,
    about: "A voter is killed and started again at once, without its data.",
    schedule: () => oneVoter(restart),
  }),
  row({
    name: "restart-intact",
    row: 24,
    about: "A voter is killed and started again with all its data (AOF everysec).",
    isPersistent: true,
    expectations: expect(),
    schedule: () => oneVoter(restart),
  }),
  row({
    name: "restart-fsynced",
    row: 24,
    about: "A voter that writes all to its disk before it answers is killed and started again.",
    isPersistent: true,
    serverArguments: () => ["--appendfsync", "always"],
    expectations: expect(),
    schedule: () => oneVoter(restart),
  }),
  row({
    name: "power-loss",
    row: 25,
    about: "A voter loses its power, and with it the end of its append-only file.",
    isPersistent: true,
    schedule: () =>
      oneVoter([{ do: "loseTail", node: 2 }], { before: [{ do: "remember", node: 2 }] }),
  }),
  row({
    name: "stale-snapshot",
    row: 26,
    about: "A voter is started again with an old snapshot.",
    schedule: () =>
      oneVoter([{ do: "restoreOld", node: 2 }], { before: [{ do: "remember", node: 2 }] }),
  }),
  row({
    name: "flushed",
    row: 27,
    about: "A voter is emptied by FLUSHALL.",
    schedule: () => oneVoter([{ do: "flush", node: 2 }]),
  }),
  ...(["allkeys-lru", "volatile-ttl"] as const).map((policy) =>
    row({
      name: `evicted-${policy}`,
      row: 28,
      about: `A voter evicts the lock (maxmemory-policy ${policy}).`,
      serverArguments: (node) => (node === 2 ? ["--maxmemory-policy", policy] : []),
      proof: (column) => (column === "plain" ? { grants: 2 } : "none"),
      // Such a node is refused as a node: nobody gets the lock, and the error says why.
      expectations: expect({ plain: { exclusion: "breaks" }, ours: { liveness: "either" } }),
      schedule: () => oneVoter([{ do: "evict", node: 2, policy }]),
    }),
  ),
  row({
    name: "promoted-replica",
    row: 30,
    about: "A voter dies, and a replica that lags behind takes its place.",
    schedule: () => oneVoter([{ do: "promote", node: 2 }], { before: [{ do: "follow", node: 2 }] }),
  }),
  row({
    name: "sent-again",
    row: 31,
    about: "A command is on its way to a voter when that is killed, and comes back empty.",
    schedule: () => sentAgain(),
  }),
  row({
    name: "all-restarted",
    row: 32,
    about: "All nodes are restarted empty while a holder works.",
    schedule: () => oneVoter(allRestarted()),
  }),
  row({
    name: "crash-loop",
    row: 39,
    about: "A voter dies again and again, faster than it may vote.",
    schedule: () =>
      oneVoter([1, 2, 3].flatMap(() => [...restart, { do: "wait", ms: 150 } as const])),
  }),
];

function allRestarted(): Step[] {
  const nodes = [1, 2, 3];
  return [
    ...nodes.map((node): Step => ({ do: "kill", node })),
    ...nodes.map((node): Step => ({ do: "start", node })),
  ];
}

/** B's request is in the socket of the frozen node; the node is replaced by an empty one. */
function sentAgain(): Step[] {
  return [
    ...warmUp("A", "B"),
    { do: "cut", client: "A", node: 3 },
    { do: "cut", client: "B", node: 1 },
    ...take("A", { waitMs: 1_000 }),
    { do: "enter", client: "A" },
    { do: "freeze", node: 2 },
    { do: "ask", client: "B", resources: ["r"], waitMs: 700 },
    { do: "wait", ms: 50 },
    ...restart,
    { do: "answer", client: "B", withinMs: 2_000 },
    { do: "enter", client: "B" },
    { do: "leave", client: "B" },
    { do: "leave", client: "A" },
    ...ending(),
  ];
}
