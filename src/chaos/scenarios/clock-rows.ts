import type { Step } from "../schedule/step.ts";
import { ending, oneVoter, row, take, warmUp } from "./directed.ts";
import { brokenByPlain, expect, type Scenario } from "./scenario.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const set = (node: number, offsetMs: number): Step => ({ do: "setClock", node, offsetMs });

/** The clocks of nodes: rows 17 to 22, 33 and 34. */
export const clockRows: readonly Scenario[] = [
  clockRow({
    name: "clock-ahead-of-all",
    row: 17,
    about: "One clock is a minute ahead, while the lock is held on all nodes.",
    expectations: expect(),
    schedule: () => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      { do: "wait", ms: 100 },
      set(2, minuteMs),
      ...take("B", { waitMs: 500, againMs: 500 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      ...ending(),
    ],
  }),
  clockRow({
    name: "clock-ahead-near",
    row: 18,
    about: "The clock of one voter is ahead by more than the ttl, and by less than may differ.",
    wanted: { maxSkewMs: 2_000 },
    expectations: expect({
      plain: { exclusion: "breaks" },
      default: { exclusion: "breaks" },
    }),
    schedule: ({ ttlMs }) => oneVoter([set(2, ttlMs + 300)]),
  }),
  clockRow({
    name: "clock-ahead-far",
    row: 18,
    about: "The clock of one voter is ahead by more than the ttl, and by more than may differ.",
    schedule: ({ ttlMs }) => oneVoter([set(2, ttlMs + 1_000)]),
  }),
  clockRow({
    name: "clock-excursion",
    row: 19,
    about: "The clock of one voter is a minute ahead for a moment.",
    schedule: () => oneVoter([set(2, minuteMs), { do: "wait", ms: 300 }, set(2, 0)]),
  }),
  clockRow({
    name: "clock-excursion-back",
    row: 19,
    about: "The clock of one voter is a minute behind for a moment.",
    expectations: expect(),
    schedule: () => oneVoter([set(2, -minuteMs), { do: "wait", ms: 300 }, set(2, 0)]),
  }),
  clockRow({
    name: "majority-ahead",
    row: 20,
    about: "Most clocks are ahead by more than the ttl, together.",
    expectations: expect({ all: { exclusion: "breaks" } }),
    schedule: ({ ttlMs }) => oneVoter([set(2, ttlMs + 500), set(3, ttlMs + 500)]),
  }),
  clockRow({
    name: "clock-corrected",
    row: 21,
    about: "The clock of one voter is an hour behind, and is put right while the lock is held.",
    // The node is left out while it is wrong: A does not even get its vote.
    proof: (column) => ({ grants: column === "plain" ? 2 : 1 }),
    schedule: () => oneVoter([set(2, 0)], { before: [set(2, -hourMs)] }),
  }),
  clockRow({
    name: "clock-too-fast",
    row: 22,
    about: "The clock of one voter goes 10 % too fast.",
    needsSecondTry: true,
    ttlMs: 4_000,
    wanted: { maxSkewMs: 1_000 },
    expectations: expect({
      plain: { exclusion: "breaks" },
      default: { exclusion: "breaks" },
    }),
    schedule: ({ ttlMs }) =>
      oneVoter([], {
        before: [{ do: "setClock", node: 2, offsetMs: 0, rate: 0.1 }],
        asks: { waitMs: ttlMs, againMs: ttlMs },
      }),
  }),
  clockRow({
    name: "clock-slightly-fast",
    row: 22,
    about: "The clock of one voter goes 0.9 % too fast, as much as the drift allows for.",
    needsSecondTry: true,
    ttlMs: 6_000,
    wanted: { maxSkewMs: 1_000 },
    expectations: expect(),
    schedule: ({ ttlMs }) =>
      oneVoter([], {
        before: [{ do: "setClock", node: 2, offsetMs: 0, rate: 0.009 }],
        asks: { waitMs: ttlMs, againMs: ttlMs },
      }),
  }),
  clockRow({
    name: "handed-over",
    row: 18,
    about: "The clock of one voter is a bit ahead, and the lock changes hands without that node.",
    expectations: expect(),
    schedule: () => [
      ...warmUp("A", "B"),
      set(2, 150),
      { do: "cut", client: "A", node: 3 },
      { do: "cut", client: "B", node: 2 },
      ...take("A", { waitMs: 1_000 }),
      { do: "enter", client: "A" },
      { do: "leave", client: "A" },
      { do: "release", client: "A" },
      ...take("B", { waitMs: 1_000, againMs: 1_000 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  clockRow({
    name: "all-restarted-behind",
    row: 33,
    about: "All nodes are restarted empty, and their clocks are an hour behind from then on.",
    expectations: expect({
      plain: { exclusion: "breaks" },
      ours: {
        tokens: "breaks",
        birth: "either",
        exclusion: "either",
        fence: "either",
        liveness: "either",
      },
    }),
    schedule: () => oneVoter(restartedAt(-hourMs, [1, 2, 3]), { asks: { againMs: 4_000 } }),
  }),
  clockRow({
    name: "restart-ahead",
    row: 34,
    about:
      "A voter is restarted empty, and its clock is a minute ahead: it seems to be up for long.",
    schedule: () => oneVoter(restartedAt(minuteMs, [2])),
  }),
];

function clockRow(
  given: Pick<Scenario, "name" | "row" | "about" | "schedule"> & Partial<Scenario>,
): Scenario {
  return row({ clocks: ["nodes"], expectations: brokenByPlain, ...given });
}

function restartedAt(offsetMs: number, nodes: readonly number[]): Step[] {
  return [
    ...nodes.map((node): Step => ({ do: "kill", node })),
    ...nodes.map((node): Step => set(node, offsetMs)),
    ...nodes.map((node): Step => ({ do: "start", node })),
  ];
}
