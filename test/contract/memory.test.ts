/**
 * Goal: memory nodes are nodes, and a quorum of them gives locks, by the suites that real ones pass.
 * Method: every check in a virtual world of its own, so that no time passes.
 */
import { describe, expect, test } from "vitest";
import { lockContract, nodeContract, webLocksContract } from "../../src/testing.ts";
import { named } from "../fixture/named.ts";
import { memoryNodeFixture, virtualLocks } from "../fixture/virtual.ts";

describe("a memory node", () => {
  test.for(named(nodeContract))("%s", async ([, check]) => {
    await expect(check(await memoryNodeFixture())).resolves.toBeUndefined();
  });
});

describe.for([1, 2, 3, 5])("locks on %i memory nodes", (count) => {
  test.for(named([...lockContract, ...webLocksContract]))("%s", async ([, check]) => {
    await expect(check(virtualLocks(count))).resolves.toBeUndefined();
  });
});
