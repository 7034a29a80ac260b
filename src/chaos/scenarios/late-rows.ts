import { databases, everywhere } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { ask, ending, row, take, warmUp } from "./directed.ts";
import { expect, type Scenario } from "./scenario.ts";

/** What arrives late: rows 15 and 16. */
export const lateRows: readonly Scenario[] = [
  row({
    name: "late-acquire",
    row: 15,
    authorities: ["redis", ...databases],
    about: "A request is executed after the client gave up and its connection broke.",
    // At once, and not only when what A left behind has run out.
    owed: { B: 2 },
    proof: () => ({ grants: 1 }),
    expectations: expect(),
    schedule: ({ nodeCount }) => [
      ...warmUp("A", "B"),
      ...lastOf(nodeCount).map((node): Step => ({ do: "freeze", node })),
      ...take("A"),
      { do: "reset", client: "A" },
      { do: "wait", ms: 100 },
      ...lastOf(nodeCount).map((node): Step => ({ do: "thaw", node })),
      ...take("B", { waitMs: 700, againMs: 700 }),
      ...ending(),
    ],
  }),
  row({
    name: "late-release",
    row: 16,
    authorities: everywhere,
    about:
      "The release and an extension of an old holder arrive when somebody else holds the lock.",
    clientCount: 3,
    proof: () => ({ grants: 3 }),
    expectations: expect(),
    schedule: ({ ttlMs }) => lateRelease(ttlMs),
  }),
  row({
    name: "late-own-release",
    row: 16,
    authorities: everywhere,
    about: "The release of a lock arrives when the same client holds the next one.",
    proof: () => ({ grants: 2 }),
    expectations: expect(),
    schedule: ({ ttlMs }) => lateOwnRelease(ttlMs),
  }),
];

/** A majority of three, or the one there is. */
function lastOf(nodeCount: number): number[] {
  return nodeCount === 1 ? [1] : [2, 3];
}

/** A's release is on its way, over a connection that broke, while A gets the lock again. */
function lateOwnRelease(ttlMs: number): Step[] {
  return [
    ...warmUp("A", "B"),
    ...take("A"),
    { do: "hold", client: "A", direction: "requests" },
    { do: "release", client: "A" },
    { do: "overtake", client: "A", direction: "requests" },
    { do: "reset", client: "A" },
    { do: "wait", ms: ttlMs },
    ...take("A", { waitMs: 700, againMs: 1_500 }),
    { do: "enter", client: "A" },
    { do: "deliver", client: "A", direction: "requests" },
    { do: "wait", ms: 50 },
    ...take("B", { waitMs: 200 }),
    { do: "enter", client: "B" },
    { do: "leave", client: "B" },
    { do: "leave", client: "A" },
    ...ending(),
  ];
}

/** A's release and extension are on their way while B gets the lock, and C asks for it. */
function lateRelease(ttlMs: number): Step[] {
  return [
    ...warmUp("A", "B", "C"),
    ...take("A"),
    { do: "hold", client: "A", direction: "requests" },
    { do: "extend", client: "A" },
    { do: "release", client: "A" },
    { do: "wait", ms: ttlMs },
    ...take("B", { waitMs: 700, againMs: 700 }),
    { do: "enter", client: "B" },
    { do: "deliver", client: "A", direction: "requests" },
    { do: "wait", ms: 50 },
    ...take("C", { waitMs: 200 }),
    { do: "enter", client: "C" },
    { do: "leave", client: "C" },
    { do: "release", client: "C" },
    { do: "leave", client: "B" },
    { do: "release", client: "B" },
    ask("A", { waitMs: 500, againMs: 1_000 }),
    { do: "answer", client: "A", withinMs: 2_000 },
    ...ending(),
  ];
}
