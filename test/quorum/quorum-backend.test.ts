/**
 * Goal: the rules of a quorum (docs/ALGORITHM.md), one by one, where it is easy to get them wrong.
 * Method: nodes that answer as the test says and write down what they were asked, in virtual time.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../../src/core/deferred.ts";
import { ConfigurationError } from "../../src/core/error.ts";
import { refusal } from "../../src/core/vote.ts";
import { NodeError, NotAsked, type NodeAnswer } from "../../src/quorum/lock-node.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { settled, virtualWorld, type VirtualWorld } from "../../src/testing.ts";
import { aClaim, ScriptedNode, silence, yes, type Call } from "../fixture/scripted-node.ts";

let world: VirtualWorld;
let log: Call[];
let nodes: ScriptedNode[];
let backend: QuorumBackend;

beforeEach(() => {
  world = virtualWorld();
  log = [];
  nodes = ["a", "b", "c", "d", "e"].map((id) => new ScriptedNode(id, log));
  backend = new QuorumBackend(nodes, { world });
});

/** Answers after so much time, in which nobody ran. */
const yesAfter = (ms: number) => () => {
  world.clock.jump(ms);
  return yes();
};
const held = () => Promise.resolve(refusal("held", "r", { freeInMs: 700 }));
const foreign = () => Promise.resolve(refusal("foreign", "r"));
const gone = () => Promise.reject(new NodeError("disconnected", "not connected"));

function script(answers: Partial<Record<string, ScriptedNode["onAcquire"]>>): void {
  for (const node of nodes) node.onAcquire = answers[node.id] ?? yes;
}

function asked(what: Call["what"]): string[] {
  return log.filter((call) => call.what === what).map((call) => call.node);
}

describe("an acquire", () => {
  test("asks all nodes at once and is granted by the first quorum, hung nodes or not", async () => {
    script({ d: silence, e: silence });
    const { clock } = world;
    await clock.advance(100);
    const attempt = await backend.acquire(aClaim(), 10_000);
    expect(asked("acquire")).toEqual(["a", "b", "c", "d", "e"]);
    expect(attempt).toMatchObject({ granted: true, validUntil: 100 + 10_000 - 102 });
    expect(clock.now()).toBe(100);
    expect(asked("release")).toEqual([]);
  });

  test("counts validity from before the first byte, not from the answer", async () => {
    script({
      a: yesAfter(30),
      b: yesAfter(30),
    });
    const attempt = await backend.acquire(aClaim(), 1_000);
    expect(attempt).toMatchObject({ granted: true, validUntil: 1_000 - 12 });
  });

  test("that too few nodes answer ends with the round's deadline, a share of the ttl", async () => {
    script({ c: silence, d: silence, e: silence });
    const attempt = backend.acquire(aClaim(), 10_000);
    const { clock } = world;
    await clock.finish(attempt);
    expect(clock.now()).toBe(500);
    expect(await attempt).toMatchObject({ granted: false, why: "unreachable" });
  });

  test("takes the deadline that its backend was given", async () => {
    backend = new QuorumBackend(nodes, { world, roundTimeoutMs: 77 });
    script({ c: silence, d: silence, e: silence });
    await world.clock.finish(backend.acquire(aClaim(), 10_000));
    expect(world.clock.now()).toBe(77);
  });

  test("that is refused tells when it may be free: when the last node of a quorum is", async () => {
    const freeIn = (freeInMs: number) => () => Promise.resolve(refusal("held", "r", { freeInMs }));
    const [a, b, c, d, e] = [100, 300, 200, 500, 400].map(freeIn);
    script({ a, b, c, d, e });
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({
      granted: false,
      why: "held",
      retryAfterMs: 301,
    });
  });

  test("that is refused takes those for free that have not answered yet", async () => {
    const freeIn = (freeInMs: number) => () => Promise.resolve(refusal("held", "r", { freeInMs }));
    script({ a: freeIn(100), b: freeIn(300), c: freeIn(200), d: silence, e: silence });
    const attempt = backend.acquire(aClaim(), 10_000);
    expect(await attempt).toMatchObject({ granted: false, why: "held", retryAfterMs: 101 });
  });

  test("that wins too late is a failure, and is released everywhere", async () => {
    script({ a: yesAfter(7_000) });
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({ granted: false, why: "late" });
    expect(asked("release").toSorted()).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("the reason for a failure", () => {
  test("is lateness when a quorum granted it after the deadline, not that somebody holds it", async () => {
    const late = deferred<NodeAnswer>();
    const undone = deferred<NodeAnswer>();
    const lateOne = () => late.promise;
    script({ a: held, b: held, c: lateOne, d: lateOne, e: lateOne });
    for (const node of nodes) node.onRelease = () => undone.promise;
    const attempt = backend.acquire(aClaim(), 1_000);
    await world.clock.advance(51);
    late.resolve({ vote: "granted" });
    await settled();
    undone.resolve({ vote: "granted" });
    expect(await attempt).toMatchObject({ granted: false, why: "late" });
  });

  test("is the holder when the other nodes were not even asked any more", async () => {
    const takenBack = () => Promise.reject(new NodeError("withdrawn", "was taken back"));
    script({ a: held, b: held, c: held, d: takenBack, e: takenBack });
    expect(await backend.acquire(aClaim(), 1_000)).toMatchObject({ granted: false, why: "held" });
  });

  test("is the nodes that cannot be reached, whatever the others say", async () => {
    script({ a: held, b: held, c: gone, d: gone, e: gone });
    expect(await backend.acquire(aClaim(), 1_000)).toMatchObject({ why: "unreachable" });
  });
});

describe("an acquire that failed", () => {
  test("is released wherever something may be left of it, on each node behind its acquire", async () => {
    script({ a: held, b: held, c: held, d: gone });
    const claim = aClaim();
    expect(await backend.acquire(claim, 10_000)).toMatchObject({ granted: false, why: "held" });
    expect(claim.withdrawn).toBe(true);
    for (const { id } of nodes) {
      const calls = log.filter((call) => call.node === id && call.what !== "open");
      const isRefusal = ["a", "b", "c"].includes(id);
      expect(calls.map((call) => call.what)).toEqual(
        isRefusal ? ["acquire"] : ["acquire", "release"],
      );
      expect(calls.every((call) => call.owner === claim.owner)).toBe(true);
    }
  });

  test("leaves a tombstone where its acquire may come over a connection that is lost", async () => {
    script({ a: gone, b: gone, c: gone, d: silence });
    await backend.acquire(aClaim(), 10_000);
    const tombstones = log
      .filter((call) => call.what === "release")
      .map(({ node, ms }) => [node, ms] as const);
    expect(Object.fromEntries(tombstones)).toEqual({ a: 10_000, b: 10_000, c: 10_000, d: 0, e: 0 });
  });

  test("is not over before the nodes that answered have released it, but waits for no other", async () => {
    script({ b: held, c: held, d: silence, e: held });
    let release = (): void => {};
    for (const node of nodes) {
      node.onRelease =
        node.id === "a" ? () => new Promise((r) => (release = () => r({ vote: "granted" }))) : yes;
    }
    nodes[3]!.onRelease = silence;
    let isOver = false;
    const attempt = backend.acquire(aClaim(), 10_000).then(() => (isOver = true));
    await settled();
    expect(isOver).toBe(false);
    release();
    await attempt;
    expect(world.clock.now()).toBe(0);
  });

  test("with too many faults is unreachable, also when somebody holds it on the others", async () => {
    script({ a: held, b: gone, c: gone, d: gone });
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({ why: "unreachable" });
  });

  test("with a split vote is held: nobody has it, but somebody stands in the way", async () => {
    script({ a: held, b: held, c: gone });
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({ why: "held" });
  });

  test("over foreign data on too many nodes is an error for a human, which names it", async () => {
    script({ a: foreign, b: foreign, c: foreign });
    await expect(backend.acquire(aClaim(), 10_000)).rejects.toThrow(ConfigurationError);
    script({ a: foreign, b: foreign, c: gone });
    await expect(backend.acquire(aClaim(), 10_000)).rejects.toThrow(/"r".*on a, b/s);
    script({ a: foreign, b: foreign });
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({ granted: true });
  });

  test("because it was taken back before it began asks nobody", async () => {
    const claim = { ...aClaim(), withdrawn: true };
    expect(await backend.acquire(claim, 10_000)).toMatchObject({ granted: false });
    expect(asked("acquire")).toEqual([]);
  });
});

describe("an extension", () => {
  test("that a quorum grants counts from its own start", async () => {
    await world.clock.advance(500);
    expect(await backend.extend({ claim: aClaim(), fencingToken: 1 }, 1_000)).toMatchObject({
      extended: true,
      validUntil: 1_488,
    });
  });

  test("that a quorum can no longer grant is a loss, and says whether it was taken away", async () => {
    const missing = () => Promise.resolve(refusal("missing", "r"));
    const broken = () => Promise.resolve(refusal("broken", "r"));
    const lose = (...by: ScriptedNode["onExtend"][]) => {
      for (const [index, node] of nodes.entries()) node.onExtend = by[index] ?? yes;
      return world.clock.finish(backend.extend({ claim: aClaim(), fencingToken: 1 }, 1_000));
    };
    expect(await lose(missing, missing, missing)).toMatchObject({
      extended: false,
      why: "missing",
    });
    expect(await lose(missing, broken, missing)).toMatchObject({ extended: false, why: "broken" });
    expect(await lose(missing, missing, gone)).toMatchObject({
      extended: false,
      why: "unreachable",
    });
    expect(await lose(missing, missing)).toMatchObject({ extended: true });
    expect(await lose(silence, silence, silence)).toMatchObject({ why: "unreachable" });
  });
});

describe("a release", () => {
  test("tells whether it was held until now, by a quorum", async () => {
    const missing = () => Promise.resolve(refusal("missing", "r"));
    const broken = () => Promise.resolve(refusal("broken", "r"));
    const release = (...by: ScriptedNode["onRelease"][]) => {
      for (const [index, node] of nodes.entries()) node.onRelease = by[index] ?? yes;
      return world.clock.finish(backend.release(aClaim(), 1_000));
    };
    expect(await release()).toMatchObject({ released: "yes" });
    expect(await release(missing, missing)).toMatchObject({ released: "yes" });
    expect(await release(missing, missing, missing)).toMatchObject({ released: "missing" });
    expect(await release(broken, missing, missing)).toMatchObject({ released: "broken" });
    expect(await release(gone, gone, gone)).toMatchObject({ released: "unknown" });
  });

  test("that a node could not be told is told again when the node is back", async () => {
    const claim = aClaim();
    nodes[0]!.onRelease = gone;
    await backend.release(claim, 10_000);
    await world.clock.advance(3_000);
    const tries = asked("release").filter((node) => node === "a").length;
    expect(tries).toBeGreaterThan(2);
    nodes[0]!.onRelease = yes;
    await world.clock.advance(1_000);
    const last = log.findLast((call) => call.node === "a");
    expect(last).toMatchObject({ what: "release", owner: claim.owner });
    expect(last?.ms, "a tombstone for what is left of the ttl").toBeGreaterThan(5_000);
    const before = log.length;
    await world.clock.advance(20_000);
    expect(log).toHaveLength(before);
  });

  describe("is not owed to a node that was not asked", () => {
    const notAsked = () => Promise.reject(new NotAsked("timeout", "was not asked"));
    const owedBy = async (id: string): Promise<boolean> => {
      log.length = 0;
      await world.clock.advance(3_000);
      return asked("release").includes(id);
    };
    beforeEach(() => {
      nodes[0]!.onAcquire = notAsked;
      nodes[0]!.onRelease = gone;
    });

    test("though it is tried, as what was sent may be on its way", async () => {
      const claim = aClaim();
      expect(await backend.acquire(claim, 10_000)).toMatchObject({ granted: true });
      await backend.release(claim, 10_000);
      expect(asked("release")).toContain("a");
      expect(await owedBy("a")).toBe(false);
    });

    test("unless it was asked to extend since", async () => {
      const claim = aClaim();
      await backend.acquire(claim, 10_000);
      nodes[0]!.onExtend = gone;
      await backend.extend({ claim, fencingToken: 1 }, 10_000);
      await backend.release(claim, 10_000);
      expect(await owedBy("a")).toBe(true);
    });

    test("unless it was asked with another ballot", async () => {
      const stale = refusal("stale-ballot", "r", { fencingToken: 7 });
      let tries = 0;
      nodes[0]!.onAcquire = () => (tries++ === 0 ? notAsked() : gone());
      for (const node of nodes.slice(1)) {
        let isFirst = true;
        node.onAcquire = () => {
          const answer = isFirst ? stale : ({ vote: "granted" } as const);
          isFirst = false;
          return Promise.resolve(answer);
        };
      }
      const claim = aClaim();
      expect(await backend.acquire(claim, 10_000)).toMatchObject({ granted: true });
      expect(tries).toBe(2);
      await backend.release(claim, 10_000);
      expect(await owedBy("a")).toBe(true);
    });

    test("unless it is not certain that nothing was sent", async () => {
      nodes[0]!.onAcquire = gone;
      const claim = aClaim();
      await backend.acquire(claim, 10_000);
      await backend.release(claim, 10_000);
      expect(await owedBy("a")).toBe(true);
    });
  });

  test("that a node could not be told is forgotten when the ttl is over", async () => {
    nodes[0]!.onRelease = gone;
    await backend.release(aClaim(), 2_000);
    await world.clock.advance(2_500);
    const before = log.length;
    await world.clock.advance(60_000);
    expect(log).toHaveLength(before);
    expect(world.clock.timerCount).toBeLessThanOrEqual(1);
  });
});

describe("the first contact", () => {
  test("tells what is wrong with a node before anything is asked", async () => {
    nodes[1]!.onOpen = () => Promise.reject(new ConfigurationError("b is a replica"));
    for (let i = 0; i < 2; i++) {
      await expect(backend.acquire(aClaim(), 10_000)).rejects.toThrow("b is a replica");
    }
    expect(asked("acquire")).toEqual([]);
    nodes[1]!.onOpen = () => Promise.resolve(undefined);
    expect(await backend.acquire(aClaim(), 10_000)).toMatchObject({ granted: true });
  });

  test("does not wait for a node that does not answer longer than a round", async () => {
    nodes[1]!.onOpen = silence;
    const attempt = await world.clock.finish(backend.acquire(aClaim(), 10_000));
    expect(attempt).toMatchObject({ granted: true });
    expect(world.clock.now()).toBe(500);
  });

  test("is made once", async () => {
    await backend.acquire(aClaim(), 10_000);
    await backend.inspect("r");
    await backend.forceRelease("r");
    expect(asked("open")).toHaveLength(5);
  });
});

test("a closed backend closes its nodes, and refuses what comes then", async () => {
  await backend.close();
  expect(asked("close")).toEqual(["a", "b", "c", "d", "e"]);
  await expect(backend.acquire(aClaim(), 10_000)).rejects.toThrow(TypeError);
  await expect(backend.inspect("r")).rejects.toThrow(TypeError);
});
