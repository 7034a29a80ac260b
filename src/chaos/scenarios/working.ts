import type { Step } from "../schedule/step.ts";
import { expect, type Plan, type Proof, type Scenario } from "./scenario.ts";

/** The least that strictClock takes, and a bit. */
const ttlMs = 1_600;

/** Five nodes, some clients that work by themselves, two resources. */
const five: Omit<Scenario, "name" | "row" | "about" | "schedule"> = {
  authorities: ["redis"],
  nodeCount: 5,
  clientCount: 4,
  ttlMs,
  resources: ["r", "s"],
  durationMs: 5_000,
  clocks: [],
  isPersistent: false,
  proof: (): Proof => "handoff under fault",
  expectations: expect(),
};

type Row = Pick<Scenario, "name" | "row" | "about" | "schedule"> & Partial<Scenario>;

/** A row with clients that work by themselves, unless it says otherwise. */
export function workingRow(given: Row): Scenario {
  return { ...five, ...given };
}

/**
 * All work; then comes what the row is about; then all come to rest, everything is healed, and every
 * resource has to be had again.
 */
export function underWork({ ttlMs: ms }: Plan, hurt: readonly Step[]): Step[] {
  return [
    { do: "work" },
    { do: "wait", ms: 700 },
    ...hurt,
    { do: "rest" },
    { do: "healAll" },
    ...(["r", "s"] as const).flatMap((resource): Step[] => [
      { do: "ask", client: "A", resources: [resource], waitMs: 4 * ms, againMs: 6_000 },
      { do: "answer", client: "A", withinMs: 10_000 },
      { do: "enter", client: "A" },
      { do: "leave", client: "A" },
      { do: "release", client: "A" },
    ]),
  ];
}

/** The minority of the nodes: the first ones. */
export function minority({ nodeCount }: Plan): number[] {
  return Array.from({ length: Math.ceil(nodeCount / 2) - 1 }, (_, index) => index + 1);
}

export function majority({ nodeCount }: Plan): number[] {
  return Array.from({ length: Math.floor(nodeCount / 2) + 1 }, (_, index) => index + 1);
}
