import type { Step, Wish } from "../schedule/step.ts";
import { brokenByPlain, type Proof, type Scenario } from "./scenario.ts";

const resources = ["r"];
/** The least that strictClock takes, and a bit. */
const ttlMs = 1_600;
/** Until quarantines are over, and some more. */
const patienceMs = 6_000;

/** Three nodes, two clients, one lock. */
const three: Omit<Scenario, "name" | "row" | "about" | "schedule"> = {
  authorities: ["redis"],
  nodeCount: 3,
  clientCount: 2,
  ttlMs,
  resources,
  durationMs: 0,
  clocks: [],
  isPersistent: false,
  proof: (): Proof => ({ grants: 2 }),
  expectations: brokenByPlain,
};

export function ask(client: string, more: Partial<Wish> = {}): Step {
  return { do: "ask", client, resources, ...more };
}

/** Asks, and waits for the answer. */
export function take(client: string, more: Partial<Wish> = {}): Step[] {
  const withinMs = Math.max(more.waitMs ?? 0, more.againMs ?? 0) + ttlMs;
  return [ask(client, more), { do: "answer", client, withinMs }];
}

/** Has all nodes known to a client, so that nothing of what follows is its first time. */
export function warmUp(...clients: readonly string[]): Step[] {
  return clients.flatMap((client) => [
    ...take(client, { resources: ["warm up"], waitMs: 2_000, againMs: 2_000 }),
    { do: "release", client } as const,
  ]);
}

/** Everybody has everything again, and B gets the lock in the end. */
export function ending(): Step[] {
  return [
    { do: "healAll" },
    { do: "release", client: "A" },
    { do: "release", client: "B" },
    ...take("B", { waitMs: patienceMs, againMs: patienceMs }),
    { do: "enter", client: "B" },
    { do: "leave", client: "B" },
    { do: "release", client: "B" },
  ];
}

/**
 * The schedule that shows what one voter can do: A holds the lock by the first and the second node and does
 * not reach the third; something happens to the second; B asks the second and the third.
 */
export function oneVoter(
  hurt: readonly Step[],
  { before = [], asks = {} }: { before?: readonly Step[]; asks?: Partial<Wish> } = {},
): Step[] {
  return [
    ...warmUp("A", "B"),
    { do: "cut", client: "A", node: 3 },
    { do: "cut", client: "B", node: 1 },
    ...before,
    ...take("A", { waitMs: 1_000 }),
    { do: "enter", client: "A" },
    ...hurt,
    ...take("B", { waitMs: 700, againMs: 700, ...asks }),
    { do: "enter", client: "B" },
    { do: "leave", client: "B" },
    { do: "leave", client: "A" },
    ...ending(),
  ];
}

type Row = Pick<Scenario, "name" | "row" | "about" | "schedule"> & Partial<Scenario>;

/** A row on three nodes with two clients, unless it says otherwise. */
export function row(given: Row): Scenario {
  return { ...three, ...given };
}
