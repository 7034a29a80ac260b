import { everywhere } from "../authority.ts";
import type { Step } from "../schedule/step.ts";
import { ask, ending, row as rowOfMasters, take, warmUp } from "./directed.ts";
import { expect, type Expectations, type Scenario } from "./scenario.ts";

const hourMs = 3_600_000;

/** What happens to a client is the same for every authority. */
function row(given: Parameters<typeof rowOfMasters>[0]): Scenario {
  return rowOfMasters({ authorities: everywhere, ...given });
}

/** A paused holder writes late: no lock can prevent it, and a resource that looks at tokens does. */
const lateWriter: Expectations = { sections: "breaks", unfenced: "breaks" };

/** What happens to clients: rows 9 to 14. */
export const clientRows: readonly Scenario[] = [
  row({
    name: "frozen-between",
    row: 9,
    about: "A client is stopped between its request and the replies, for longer than the ttl.",
    proof: () => ({ grants: 3 }),
    expectations: expect(),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      // So that one request is all that it takes.
      ...take("A"),
      { do: "release", client: "A" },
      { do: "hold", client: "A", direction: "replies" },
      ask("A"),
      { do: "wait", ms: 50 },
      { do: "freezeClient", client: "A" },
      { do: "deliver", client: "A", direction: "replies" },
      ...take("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs }),
      { do: "enter", client: "B" },
      { do: "thawClient", client: "A" },
      { do: "answer", client: "A", withinMs: 1_000 },
      { do: "enter", client: "A" },
      { do: "leave", client: "A" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  row({
    name: "frozen-holder",
    row: 10,
    about:
      "A holder is stopped in its critical section for longer than its validity, and writes late.",
    expectations: expect({ all: lateWriter }),
    schedule: ({ ttlMs }) =>
      late(
        [{ do: "freezeClient", client: "A" }],
        [
          { do: "thawClient", client: "A" },
          { do: "wait", ms: 60 },
        ],
        ttlMs,
      ),
  }),
  row({
    name: "stalled-loop",
    row: 11,
    about:
      "The event loop of a holder is blocked for longer than its validity, and it writes late.",
    expectations: expect({ all: lateWriter }),
    schedule: ({ ttlMs }) =>
      late([{ do: "stallClient", client: "A", ms: 2 * ttlMs }], [{ do: "wait", ms: ttlMs }], ttlMs),
  }),
  row({
    name: "dead-holder",
    row: 12,
    about: "A holder dies.",
    expectations: expect(),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      ...take("A", { renew: true }),
      { do: "enter", client: "A" },
      { do: "killClient", client: "A" },
      ...take("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs }),
      { do: "enter", client: "B" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  row({
    name: "suspended-client",
    row: 13,
    about: "The machine of a holder sleeps: its monotonic clock stands still meanwhile.",
    clocks: ["clients"],
    expectations: expect({ plain: { belief: "breaks" } }),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      ask("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs }),
      { do: "suspendClient", client: "A", ms: 2 * ttlMs },
      { do: "answer", client: "B", withinMs: ttlMs },
      { do: "enter", client: "B" },
      { do: "wait", ms: 100 },
      { do: "leave", client: "A" },
      { do: "leave", client: "B" },
      ...ending(),
    ],
  }),
  clockOfClient("client-clock-back", -hourMs, "back"),
  clockOfClient("client-clock-ahead", hourMs, "ahead"),
];

function clockOfClient(name: string, offsetMs: number, where: string): Scenario {
  return row({
    name,
    row: 14,
    about: `The wall clock of a holder is set ${where} by an hour.`,
    clocks: ["clients"],
    expectations: expect(),
    schedule: ({ ttlMs }) => [
      ...warmUp("A", "B"),
      ...take("A"),
      { do: "enter", client: "A" },
      { do: "setClientClock", client: "A", offsetMs },
      ...take("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs }),
      { do: "enter", client: "B" },
      { do: "wait", ms: 100 },
      { do: "leave", client: "B" },
      { do: "leave", client: "A" },
      { do: "setClientClock", client: "A", offsetMs: 0 },
      ...ending(),
    ],
  });
}

/** A is stopped in its section; B gets the lock, is in its own section when A goes on, and A writes. */
function late(stop: readonly Step[], goOn: readonly Step[], ttlMs: number): Step[] {
  return [
    ...warmUp("A", "B"),
    ...take("A", { renew: true }),
    { do: "enter", client: "A" },
    ...stop,
    ...take("B", { waitMs: 2 * ttlMs, againMs: 2 * ttlMs, renew: true }),
    { do: "enter", client: "B" },
    ...goOn,
    { do: "leave", client: "A" },
    { do: "leave", client: "B" },
    ...ending(),
  ];
}
