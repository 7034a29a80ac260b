/**
 * Goal: the rules by which a node decides are safe, whatever the order of messages, and the figures
 * for quarantine, retention and clocks are large enough.
 * Method: all states of small worlds are searched, over the functions that ship. Wrong rules and
 * wrong figures are searched too, and have to be found out. docs/VERIFICATION.md has the results.
 */
import { describe, expect, test } from "vitest";
import { lockWorld } from "./lock-world.ts";
import { safeWorlds } from "./safe-worlds.ts";
import { explore } from "./search.ts";
import { limits, wrongWorlds } from "./unsafe-worlds.ts";

describe("nothing goes wrong", () => {
  test.for(safeWorlds)("$name", { timeout: 60_000 }, ({ setting, least }) => {
    const { states, violation } = explore(lockWorld(setting));
    expect(violation?.trace.join("\n")).toBeUndefined();
    expect(states).toBeGreaterThan(least ?? 0);
  });
});

describe("is found out", () => {
  test.for(wrongWorlds)("$name", ({ setting, finds }) => {
    expect(explore(lockWorld(setting)).violation?.what).toMatch(finds);
  });
});

describe("is beyond what the rules withstand", () => {
  test.for(limits)("$name", ({ setting, finds }) => {
    expect(explore(lockWorld(setting)).violation?.what).toMatch(finds);
  });
});
