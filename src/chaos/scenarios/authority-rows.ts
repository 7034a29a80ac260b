import { databases, type Authority } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { ask, ending, row, take, warmUp } from "./directed.ts";
import { expect, type Scenario } from "./scenario.ts";
import { underWork, workingRow } from "./working.ts";

const hourMs = 3_600_000;

const ensemble: readonly Authority[] = ["zookeeper"];

/** What happens to the servers of one authority: rows 42 to 50. */
export const authorityRows: readonly Scenario[] = [
  row({
    name: "server-restarted",
    row: 42,
    about: "The one server is killed and started again at once, while the lock is held.",
    authorities: databases,
    // So that it is held when the server is back.
    ttlMs: 5_000,
    expectations: expect(),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      { do: "kill", node: 1 },
      { do: "start", node: 1 },
      ...take("B", { againMs: ttlMs / 5 }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      ...ending(),
    ],
  }),
  workingRow({
    name: "server-flapping",
    row: 43,
    about: "The one server is killed and started, again and again.",
    authorities: databases,
    schedule: (plan) =>
      underWork(
        plan,
        [1, 2].flatMap((): Step[] => [
          { do: "kill", node: 1 },
          { do: "wait", ms: 500 },
          { do: "start", node: 1 },
          { do: "wait", ms: 1_200 },
        ]),
      ),
  }),
  workingRow({
    name: "server-frozen",
    row: 44,
    about: "The one server is stopped and goes on, at last after longer than the ttl.",
    authorities: databases,
    schedule: (plan) =>
      underWork(
        plan,
        [200, 400, plan.ttlMs + 300].flatMap((ms): Step[] => [
          { do: "freeze", node: 1 },
          { do: "wait", ms },
          { do: "thaw", node: 1 },
          { do: "wait", ms: 800 },
        ]),
      ),
  }),
  databaseClock({
    name: "database-clock-back",
    row: 45,
    about: "The clock of the database is set back by an hour, while the lock is held.",
    offsetMs: -hourMs,
    expectations: expect(),
  }),
  databaseClock({
    name: "database-clock-ahead",
    row: 46,
    about: "The clock of the database is set ahead by an hour, while the lock is held.",
    offsetMs: hourMs,
    expectations: expect({ ours: { exclusion: "breaks" } }),
  }),
  ensembleRow({
    name: "leader-killed",
    row: 47,
    about: "The leader is killed, started again, and so is the next one.",
    hurt: () =>
      [1, 2].flatMap((): Step[] => [
        { do: "kill", node: "leader" },
        { do: "wait", ms: 2_500 },
        { do: "healAll" },
        { do: "wait", ms: 500 },
      ]),
  }),
  ensembleRow({
    name: "follower-killed",
    row: 48,
    about: "A follower is killed, and stays dead.",
    hurt: () => [
      { do: "kill", node: "follower" },
      { do: "wait", ms: 3_000 },
    ],
  }),
  ensembleRow({
    name: "leader-frozen",
    row: 49,
    about: "The leader is stopped until the others have another one, and then goes on.",
    hurt: () => [
      { do: "freeze", node: "leader" },
      { do: "wait", ms: 5_000 },
      { do: "healAll" },
      { do: "wait", ms: 500 },
    ],
  }),
  row({
    name: "cut-off-holder",
    row: 50,
    about: "Nothing from or to a holder arrives until its time is over; then it writes late.",
    authorities: [...databases, ...ensemble],
    clientCount: 3,
    // Nobody can prevent that it writes: what looks at tokens refuses it.
    expectations: expect({ all: { sections: "breaks", unfenced: "breaks" } }),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B", "C"),
      ...take("A", { renew: true }),
      { do: "enter", client: "A" },
      { do: "hold", client: "A", direction: "requests" },
      { do: "hold", client: "A", direction: "replies" },
      ...take("B", { waitMs: 4 * ttlMs, againMs: 4 * ttlMs, renew: true }),
      { do: "enter", client: "B" },
      { do: "reset", client: "A" },
      { do: "mend", client: "A" },
      { do: "leave", client: "A" },
      { do: "release", client: "A" },
      ...take("C", { waitMs: 200 }),
      { do: "enter", client: "C" },
      { do: "leave", client: "C" },
      { do: "leave", client: "B" },
      { do: "release", client: "C" },
      ...ending(),
    ],
  }),
];

type ClockRow = Pick<Scenario, "name" | "row" | "about" | "expectations"> & {
  readonly offsetMs: number;
};

function databaseClock({ offsetMs, ...given }: ClockRow): Scenario {
  return row({
    ...given,
    authorities: databases,
    clocks: ["nodes"],
    schedule: () => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      { do: "setClock", node: 1, offsetMs },
      ask("B", { waitMs: 700 }),
      { do: "answer", client: "B", withinMs: 1_000 },
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      ...ending(),
    ],
  });
}

type EnsembleRow = Pick<Scenario, "name" | "row" | "about"> & {
  readonly hurt: () => readonly Step[];
};

function ensembleRow({ hurt, ...given }: EnsembleRow): Scenario {
  return workingRow({
    ...given,
    authorities: ensemble,
    schedule: (plan) => underWork(plan, hurt()),
  });
}
