/**
 * Goal: who steals gets the lock, whoever waits in the same manager, and nobody is forgotten behind it.
 * Method: nodes in a virtual world; scripted ones where the order of answers matters.
 */
import { describe, expect, test } from "vitest";
import { LockManager } from "../../src/index.ts";
import { refusal } from "../../src/core/vote.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { settled, virtualWorld } from "../../src/testing.ts";
import { ScriptedNode, yes, type Call } from "../fixture/scripted-node.ts";
import { virtualLocks } from "../fixture/virtual.ts";

describe("a thief", () => {
  test("goes before a request of its manager that was refused, at the first try", async () => {
    const { world, manager } = virtualLocks(3);
    const [victims, thieves] = [manager(), manager()];
    const lock = await world.clock.finish(victims.acquire("r"));
    const waiting = thieves.acquire("r", { waitMs: 60_000 });
    await world.clock.advance(1);
    const stolen = thieves.request("r", { steal: true }, (mine) => mine.held);
    expect(await world.clock.finish(stolen)).toBe(true);
    expect(await world.clock.finish(lock.release())).toBe(false);
    expect((await world.clock.finish(waiting)).held).toBe(true);
  });

  test("is not forgotten when a reader before it was granted too early and stepped back", async () => {
    const world = virtualWorld();
    const log: Call[] = [];
    const nodes = ["a", "b", "c"].map((id) => new ScriptedNode(id, log));
    const locks = new LockManager(new QuorumBackend(nodes, { world }));
    await world.clock.finish(locks.request("warm up", () => 1));
    const readers: string[] = [];
    const gates: (() => void)[] = [];
    for (const node of nodes) {
      node.onAcquire = (claim) => {
        if (claim.mode === "exclusive") return yes();
        if (!readers.includes(claim.owner)) readers.push(claim.owner);
        if (claim.owner === readers[0]) return Promise.resolve(refusal("held", "r"));
        return new Promise((resolve) => gates.push(() => resolve({ vote: "granted" })));
      };
    }
    const done: string[] = [];
    const endless = { waitMs: Infinity };
    const first = locks.request("r", { ...endless, mode: "shared" }, () => done.push("first"));
    const second = locks.request("r", { ...endless, mode: "shared" }, () => done.push("second"));
    const thief = locks.request("r", { ...endless, steal: true }, () => done.push("thief"));
    await settled();
    for (const open of gates.splice(0)) open();
    await world.clock.finish(thief);
    expect(done[0]).toBe("thief");
    for (const node of nodes) node.onAcquire = yes;
    for (const open of gates.splice(0)) open();
    await world.clock.finish(Promise.all([first, second]));
    expect(done.toSorted()).toEqual(["first", "second", "thief"]);
  });
});
