/**
 * Goal: schedules are data: the same seed makes the same one, they survive JSON, and they name nothing that
 * is not there.
 * Method: the schedules of all scenarios, for several seeds and numbers of nodes.
 */
import { describe, expect, test } from "vitest";
import { scenarios } from "../../src/chaos/scenarios/scenarios.ts";
import { wordsFor } from "../../src/chaos/schedule/words.ts";
import { systems } from "../../src/chaos/systems/systems.ts";
import { seededRandom } from "../../src/testing.ts";

const names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

function scheduleOf(scenario: (typeof scenarios)[number], seed: number) {
  const { nodeCount, ttlMs, clientCount, authorities } = scenario;
  const [authority = "redis"] = authorities;
  const clients = names.slice(0, clientCount);
  const random = seededRandom(seed);
  return scenario.schedule({ random, authority, nodeCount, ttlMs, clients, durationMs: 20_000 });
}

describe.for(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  "the schedule of %s",
  ([, scenario]) => {
    test("follows from its seed, and is the same after a way through JSON", () => {
      for (const seed of [1, 2, 3]) {
        const schedule = scheduleOf(scenario, seed);
        expect(scheduleOf(scenario, seed)).toEqual(schedule);
        expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule);
      }
    });

    test("names only clients and nodes that there are, and can be said", () => {
      const clients = [...names.slice(0, scenario.clientCount), "holder"];
      for (const step of scheduleOf(scenario, 4)) {
        if ("client" in step) expect(clients).toContain(step.client);
        if ("node" in step && typeof step.node === "number") {
          expect(step.node).toBeGreaterThanOrEqual(1);
          expect(step.node).toBeLessThanOrEqual(scenario.nodeCount);
        }
        expect(wordsFor(step)).toMatch(/\w/);
      }
    });

    test("ends with everything healed, and somebody who asks again", () => {
      const steps = scheduleOf(scenario, 5).map((step) => step.do);
      const healed = steps.lastIndexOf("healAll");
      expect(healed).toBeGreaterThan(0);
      expect(steps.lastIndexOf("ask")).toBeGreaterThan(healed);
    });
  },
);

test("random mixes differ from seed to seed", () => {
  const mix = scenarios.find(({ name }) => name === "hard-mix")!;
  expect(scheduleOf(mix, 1)).not.toEqual(scheduleOf(mix, 2));
});

test("all rows of the matrix are there", () => {
  const rows = new Set(scenarios.map(({ row }) => row));
  expect([...rows]).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test("names are there once, and mutants name scenarios that there are", () => {
  const known = scenarios.map(({ name }) => name);
  expect(new Set(known).size).toBe(known.length);
  expect(new Set(systems.map(({ name }) => name)).size).toBe(systems.length);
  for (const { scenarios: own = [] } of systems) {
    for (const name of own) expect(known).toContain(name);
  }
});
