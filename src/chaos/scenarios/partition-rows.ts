import { everywhere } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { ending, row, take, warmUp } from "./directed.ts";
import { expect, type Scenario } from "./scenario.ts";
import { majority, underWork, workingRow } from "./working.ts";

/** Packets that are lost without a word, as behind a switch that dies: of rows 4 and 6. */
export const partitionRows: readonly Scenario[] = [
  workingRow({
    name: "swallowed",
    row: 4,
    authorities: everywhere,
    about: "Packets between one client and most nodes are lost both ways, and nobody is told.",
    schedule: (plan) =>
      underWork(plan, [
        ...majority(plan).map((node): Step => ({ do: "swallow", client: "A", node })),
        { do: "wait", ms: plan.durationMs / 2 },
        { do: "mend", client: "A" },
        { do: "wait", ms: plan.durationMs / 2 },
      ]),
  }),
  row({
    name: "swallowed-holder",
    row: 4,
    authorities: everywhere,
    about: "Packets of a holder that renews are lost both ways, and another client waits.",
    expectations: expect({ all: { sections: "breaks", unfenced: "breaks" } }),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      ...take("A", { renew: true }),
      { do: "enter", client: "A" },
      { do: "swallow", client: "A" },
      ...take("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs, renew: true }),
      { do: "enter", client: "B" },
      { do: "leave", client: "A" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  workingRow({
    name: "swallowed-one-way",
    row: 6,
    authorities: everywhere,
    about: "First the requests of a client are lost, then the replies to another; nobody is told.",
    schedule: (plan) =>
      underWork(plan, [
        { do: "swallow", client: "A", direction: "requests" },
        { do: "wait", ms: plan.durationMs / 3 },
        { do: "mend", client: "A" },
        { do: "swallow", client: "B", direction: "replies" },
        { do: "wait", ms: plan.durationMs / 3 },
        { do: "mend", client: "B" },
        { do: "wait", ms: plan.durationMs / 3 },
      ]),
  }),
];
