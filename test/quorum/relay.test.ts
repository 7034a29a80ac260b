/**
 * Goal: who waits in the same manager gets the lock from the one before without a word to the nodes, with a
 * token of its own, and only as long as it could have won that vote itself.
 * Method: managers over scripted nodes in virtual time; the nodes write down what they were asked.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { LockManager, type AcquireOptions, type Lock } from "../../src/index.ts";
import { refusal } from "../../src/core/vote.ts";
import { deferred } from "../../src/core/deferred.ts";
import { NodeError, type NodeAnswer } from "../../src/quorum/lock-node.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { settled, virtualWorld, type VirtualWorld } from "../../src/testing.ts";
import { ScriptedNode, type Call } from "../fixture/scripted-node.ts";

const ttlMs = 10_000;
const patient = { ttlMs, waitMs: 60_000, renew: false };

let world: VirtualWorld;
let log: Call[];
let nodes: ScriptedNode[];
let locks: LockManager;

beforeEach(async () => {
  world = virtualWorld();
  log = [];
  nodes = ["a", "b", "c"].map((id) => new ScriptedNode(id, log));
  locks = new LockManager(new QuorumBackend(nodes, { world }));
  await world.clock.finish(locks.request("warm up", () => 1));
  log.length = 0;
});

/** What every node was asked, as node "a" saw it. */
const asked = (): string[] => log.filter(({ node }) => node === "a").map(({ what }) => what);

/** One lock is held, so that these all wait; in the order in which they asked. */
async function waiting(
  count: number,
  options: (index: number) => AcquireOptions = () => patient,
  names: (index: number) => string = () => "r",
): Promise<{ first: Lock; got: Lock[] }> {
  const first = await world.clock.finish(locks.acquire("r", patient));
  const got: Lock[] = [];
  for (let i = 0; i < count; i++) {
    void locks.acquire(names(i), options(i)).then((lock) => got.push(lock));
  }
  await world.clock.advance(1);
  expect(asked()).toEqual(["acquire"]);
  return { first, got };
}

/** Gives it back; whoever comes next has had the time to get it. */
async function giveBack(lock: Lock | undefined): Promise<boolean> {
  if (lock === undefined) throw new Error("nobody has it");
  const wasHeld = await lock.release();
  await settled();
  return wasHeld;
}

/** A lock that could go on, but nobody is left who waited for it. */
async function withTokenToSpare(): Promise<Lock> {
  const first = await world.clock.finish(locks.acquire("r", patient));
  const [second, leaving] = [locks.acquire("r", patient), new AbortController()];
  const third = locks.acquire("r", { ...patient, signal: leaving.signal });
  const rejected = expect(third).rejects.toThrow("no more");
  await world.clock.advance(1);
  await giveBack(first);
  leaving.abort(new Error("no more"));
  await rejected;
  return await second;
}

describe("a grant goes on within a manager", () => {
  test("in the order of the requests, each with a higher token, for one vote and one release", async () => {
    const { first, got } = await waiting(4);
    await giveBack(first);
    for (let i = 0; i < 4; i++) {
      expect(got).toHaveLength(i + 1);
      expect(got[i]?.held).toBe(true);
      expect(await giveBack(got[i])).toBe(true);
      expect(got[i]?.held).toBe(false);
    }
    const tokens = [first, ...got].map(({ fencingToken }) => fencingToken);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
    expect(new Set(tokens).size).toBe(5);
    expect(new Set([first, ...got].map(({ owner }) => owner)).size).toBe(5);
    // The one that asked first waited for nobody: it had no tokens to spare.
    expect(asked()).toEqual(["acquire", "release", "acquire", "release"]);
  });

  test("to fifteen, then the others have their turn", async () => {
    const { first, got } = await waiting(40);
    await giveBack(first);
    for (let i = 0; i < 16; i++) await giveBack(got[i]);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
    expect(got).toHaveLength(17);
  });

  test("for 50 ms, then the others have their turn", async () => {
    const { first, got } = await waiting(3);
    await giveBack(first);
    await world.clock.advance(50);
    await giveBack(got[0]);
    expect(asked()).toEqual(["acquire", "release", "acquire"]);
    await world.clock.advance(1);
    await giveBack(got[1]);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
    expect(got).toHaveLength(3);
  });

  test("for a tenth of a short ttl", async () => {
    const { first, got } = await waiting(2, () => ({ ...patient, ttlMs: 200 }));
    await giveBack(first);
    await world.clock.advance(21);
    await giveBack(got[0]);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
  });

  test("with the validity that was won, not with one that begins anew", async () => {
    const { first, got } = await waiting(2);
    await giveBack(first);
    const { remainingMs } = got[0]!;
    await world.clock.advance(20);
    await giveBack(got[0]);
    expect(got[1]?.remainingMs).toBeCloseTo(remainingMs - 20, 6);
  });
});

describe("a grant does not go on", () => {
  test("to whom asked when it was won already", async () => {
    const { first, got } = await waiting(2);
    await giveBack(first);
    await giveBack(got[0]);
    await world.clock.advance(1);
    const late = locks.acquire("r", patient);
    await settled();
    expect(asked()).toEqual(["acquire", "release", "acquire"]);
    await giveBack(got[1]);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
    expect((await late).held).toBe(true);
  });

  test.each<[string, AcquireOptions]>([
    ["for another ttl", { ...patient, ttlMs: 20_000 }],
    ["for shared use", { ...patient, mode: "shared" }],
  ])("to one that waits %s", async (_, other) => {
    const { first, got } = await waiting(2, (index) => (index === 0 ? patient : other));
    await giveBack(first);
    await giveBack(got[0]);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
    expect(got[1]?.held).toBe(true);
  });

  test("to one that wants more than this resource", async () => {
    const first = await world.clock.finish(locks.acquire("r", patient));
    const next = locks.acquire("r", patient);
    const both = locks.acquire(["q", "r"], patient);
    await world.clock.advance(1);
    await giveBack(first);
    await giveBack(await next);
    expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
    expect((await both).held).toBe(true);
  });

  test("between managers", async () => {
    const others = new LockManager(new QuorumBackend(nodes, { world }));
    await world.clock.finish(others.request("warm up", () => 1));
    log.length = 0;
    const { first, got } = await waiting(1);
    await giveBack(first);
    void others.acquire("r", patient);
    await settled();
    await giveBack(got[0]);
    const ofFirst = ["acquire", "release", "acquire", "release"];
    expect(asked().toSorted()).toEqual([...ofFirst, "acquire"].toSorted());
  });

  test("of readers", async () => {
    const shared = { ...patient, mode: "shared" } as const;
    const { first, got } = await waiting(2, () => shared);
    await giveBack(first);
    expect(got).toHaveLength(2);
    expect(asked().filter((what) => what === "acquire")).toHaveLength(3);
  });

  test("when it was taken away: by force", async () => {
    const { first, got } = await waiting(2);
    await giveBack(first);
    await locks.forceRelease("r");
    await giveBack(got[0]);
    expect(asked().slice(-2)).toEqual(["release", "acquire"]);
  });

  test("when an extension found that somebody took it away", async () => {
    const { first, got } = await waiting(2);
    await giveBack(first);
    for (const node of nodes) node.onExtend = () => Promise.resolve(refusal("broken", "r"));
    await expect(got[0]!.extend()).rejects.toThrow(/r/);
    for (const node of nodes) node.onRelease = () => Promise.resolve(refusal("broken", "r"));
    expect(await giveBack(got[0])).toBe(false);
    expect(asked().filter((what) => what === "acquire")).toHaveLength(3);
  });
});

describe("when nobody takes over what is given back", () => {
  test.each<[string, AcquireOptions]>([
    ["asked later", patient],
    ["asked for longer", { ...patient, ttlMs: 20_000 }],
    ["races", { ...patient, fair: false }],
    ["wants to share", { ...patient, mode: "shared" }],
  ])("the nodes are told before they are asked for one that %s", async (_, options) => {
    const lock = await withTokenToSpare();
    await world.clock.advance(1);
    const other = locks.acquire("r", options);
    await settled();
    log.length = 0;
    expect(await giveBack(lock)).toBe(true);
    expect(asked()).toEqual(["release", "acquire"]);
    expect((await other).held).toBe(true);
  });

  test("because it was cancelled in the same turn, the nodes are told of the first one", async () => {
    const first = await world.clock.finish(locks.acquire("r", patient));
    const [second, third] = [locks.acquire("r", patient), locks.acquire("r", patient)];
    const cancelled = new AbortController();
    const fourth = locks.acquire("r", { ...patient, signal: cancelled.signal });
    // One that leaves a token behind.
    const leaving = new AbortController();
    const fifth = locks.acquire("r", { ...patient, signal: leaving.signal });
    const late = locks.acquire("r", { ...patient, ttlMs: 20_000 });
    const rejected = Promise.all([
      expect(fourth).rejects.toThrow("no more"),
      expect(fifth).rejects.toThrow("no more"),
    ]);
    await world.clock.advance(1);
    await giveBack(first);
    leaving.abort(new Error("no more"));
    await giveBack(await second);
    const lock = await third;
    log.length = 0;
    const giving = lock.release();
    cancelled.abort(new Error("no more"));
    expect(await giving).toBe(true);
    await rejected;
    expect((await world.clock.finish(late)).held).toBe(true);
    const told = log.find(({ node, what }) => node === "a" && what === "release");
    expect(told?.owner).toBe((await second).owner);
  });

  test("because the manager is closed in the same turn, that waits until they are told", async () => {
    const lock = await withTokenToSpare();
    log.length = 0;
    const answer = deferred<NodeAnswer>();
    for (const node of nodes) node.onRelease = () => answer.promise;
    void lock.release();
    const closing = locks.close();
    await settled();
    expect(asked()).toEqual(["release"]);
    expect(log[0]?.owner).toBe(lock.owner);
    answer.resolve({ vote: "granted" });
    await closing;
    expect(asked()).toEqual(["release", "close"]);
  });

  test("it is released for as long as the nodes may keep it: the longest that it was extended to", async () => {
    const { first, got } = await waiting(2);
    await giveBack(first);
    await got[0]!.extend(60_000);
    await giveBack(got[0]);
    nodes[0]!.onRelease = () => Promise.reject(new NodeError("disconnected", "not connected"));
    await giveBack(got[1]);
    await world.clock.advance(ttlMs + 5_000);
    log.length = 0;
    await world.clock.advance(10_000);
    expect(asked()).toContain("release");
  });
});

test("who races has every grant from the nodes", async () => {
  const { first, got } = await waiting(2, () => ({ ...patient, fair: false }));
  await giveBack(first);
  await giveBack(got[0]);
  expect(asked()).toEqual(["acquire", "release", "acquire", "release", "acquire"]);
});

describe("of a grant that went on, the nodes know the first one alone", () => {
  test("for which it is extended, with the last token, and released", async () => {
    const { first, got } = await waiting(3);
    await giveBack(first);
    await giveBack(got[0]);
    await got[1]!.extend();
    expect(got[1]?.remainingMs).toBeCloseTo(ttlMs - 102, 0);
    await giveBack(got[1]);
    expect(got[2]?.remainingMs).toBeCloseTo(ttlMs - 102, 0);
    await giveBack(got[2]);
    const owners = log.filter(({ node }) => node === "a").slice(-3);
    expect(owners.map(({ what }) => what)).toEqual(["acquire", "extend", "release"]);
    expect(owners.map(({ owner }) => owner)).toEqual(Array(3).fill(got[0]?.owner));
  });

  test("also when the manager is closed while a later one has it", async () => {
    const { first, got } = await waiting(2);
    const waitingStill = locks.acquire("r", patient);
    await giveBack(first);
    await giveBack(got[0]);
    const last = expect(waitingStill).rejects.toThrow("closed");
    await world.clock.finish(locks.close());
    await last;
    expect(log.findLast(({ node, what }) => node === "a" && what === "release")?.owner).toBe(
      got[0]?.owner,
    );
    expect(got[1]?.held).toBe(false);
  });
});
