/**
 * Goal: bad input gets a clear error of the right type before anything is sent, naming what was expected
 * and what was given.
 * Method: a table of mistakes; the nodes say whether they were asked.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { LockManager } from "../../src/core/lock-manager.ts";
import { LockHeldError, LockLostError } from "../../src/core/error.ts";
import { memoryQuorum } from "../../src/memory.ts";
import { QuorumBackend } from "../../src/quorum/quorum-backend.ts";
import { redisQuorum } from "../../src/redis.ts";
import { virtualWorld } from "../../src/testing.ts";
import { ScriptedNode, type Call } from "../fixture/scripted-node.ts";

let log: Call[];
let locks: LockManager;

beforeEach(() => {
  log = [];
  const nodes = [new ScriptedNode("a", log)];
  locks = new LockManager(new QuorumBackend(nodes, { world: virtualWorld() }));
});

type Mistake = [
  what: string,
  given: unknown,
  error: typeof TypeError | typeof RangeError,
  message: RegExp,
];

const ttls: Mistake[] = [
  ["0", { ttlMs: 0 }, RangeError, /ttlMs: expected a whole number from 10 to 60000, got 0/],
  ["negative", { ttlMs: -1 }, RangeError, /ttlMs.*-1/],
  ["NaN", { ttlMs: Number.NaN }, RangeError, /ttlMs.*NaN/],
  ["a fraction", { ttlMs: 10.5 }, RangeError, /ttlMs.*10\.5/],
  ["above 2^31", { ttlMs: 2 ** 31 + 1 }, RangeError, /ttlMs.*2147483649/],
  ["infinite", { ttlMs: Infinity }, RangeError, /ttlMs.*Infinity/],
  ["text", { ttlMs: "10s" }, TypeError, /ttlMs.*"10s" \(string\)/],
  ["null", { ttlMs: null }, TypeError, /ttlMs.*null/],
];

const options: Mistake[] = [
  ...ttls.map(([what, ...rest]): Mistake => [`a ttl that is ${what}`, ...rest]),
  ["a negative wait", { waitMs: -1 }, RangeError, /waitMs: expected .* 0 up, or Infinity, got -1/],
  ["a wait that is no number", { waitMs: "1" }, TypeError, /waitMs/],
  ["a pause of 0", { retryDelayMs: 0 }, RangeError, /retryDelayMs/],
  ["a renew that is no boolean", { renew: 1 }, TypeError, /renew: expected true or false, got 1/],
  [
    "an unknown mode",
    { mode: "write" },
    TypeError,
    /mode: expected "exclusive" or "shared", got "write"/,
  ],
  ["an unknown option", { ttl: 5 }, TypeError, /there is no option "ttl"; known are ttlMs/],
  [
    "options that are no object",
    "fast",
    TypeError,
    /options of .*: expected an object, got "fast"/,
  ],
];

const resources: Mistake[] = [
  ["a number", 42, TypeError, /resource: expected a string or an array of strings, got 42/],
  ["nothing", undefined, TypeError, /got undefined/],
  ["an empty string", "", RangeError, /resource: expected a string that is not empty/],
  ["an empty list", [], RangeError, /expected at least one/],
  ["a list with a number", ["a", 1], TypeError, /got 1 \(number\)/],
  ["a list with an empty string", ["a", ""], RangeError, /not empty/],
  ["the same one twice", ["a", "b", "a"], RangeError, /"a" stands in the list twice/],
];

describe.for(["acquire", "tryAcquire"] as const)("%s refuses", (method) => {
  test.for(resources)("as resource %s", async ([, given, type, message]) => {
    const outcome = locks[method](given as never);
    await expect(outcome).rejects.toThrow(type);
    await expect(outcome).rejects.toThrow(message);
    expect(log).toEqual([]);
  });

  const known =
    method === "acquire" ? options : options.filter(([what]) => !/wait|pause/.test(what));
  test.for(known)("%s", async ([, given, type, message]) => {
    const outcome = locks[method]("r", given as never);
    await expect(outcome).rejects.toThrow(type);
    await expect(outcome).rejects.toThrow(message);
    expect(log).toEqual([]);
  });

  test("a signal that is none", async () => {
    const impostor = { aborted: false } as AbortSignal;
    await expect(locks[method]("r", { signal: impostor })).rejects.toThrow(
      /signal: expected an AbortSignal/,
    );
  });

  test("a signal that is aborted already, with its reason", async () => {
    const reason = new Error("too late");
    await expect(locks[method]("r", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(log).toEqual([]);
  });
});

test("tryAcquire takes no options about waiting", async () => {
  await expect(locks.tryAcquire("r", { waitMs: 5 } as never)).rejects.toThrow(/no option "waitMs"/);
});

test.for(options)("request refuses %s", async ([, given, type, message]) => {
  const outcome = locks.request("r", given as never, () => 1);
  await expect(outcome).rejects.toThrow(type);
  if (typeof given === "object") await expect(outcome).rejects.toThrow(message);
  expect(log).toEqual([]);
});

test.for(options)("a manager refuses %s as a default", ([, given, type, message]) => {
  const build = () => new LockManager(memoryQuorum(1), given as never);
  expect(build).toThrow(type);
  expect(build).toThrow(message);
});

test.for([0, 1.5, 10_001, Infinity, "5", null])(
  "a manager refuses %s as maxConcurrentAttempts, and a call any",
  async (given) => {
    const build = () => new LockManager(memoryQuorum(1), { maxConcurrentAttempts: given as never });
    expect(build).toThrow(/maxConcurrentAttempts: expected a whole number from 1 to 10000, got /);
    const outcome = locks.acquire("r", { maxConcurrentAttempts: 5 } as never);
    await expect(outcome).rejects.toThrow(/no option "maxConcurrentAttempts"/);
  },
);

test("inspect and forceRelease take any string, and nothing else", async () => {
  await expect(locks.inspect(1 as never)).rejects.toThrow(/resource: expected a string, got 1/);
  await expect(locks.forceRelease(null as never)).rejects.toThrow(TypeError);
  expect(log).toEqual([]);
  expect(await locks.inspect("")).toMatchObject({ state: "free" });
});

test("a manager that is closed refuses everything, and close is idempotent", async () => {
  const closing = locks.close();
  expect(locks.close()).toBe(closing);
  await closing;
  for (const call of [
    () => locks.request("r", () => 1),
    () => locks.acquire("r"),
    () => locks.tryAcquire("r"),
    () => locks.inspect("r"),
    () => locks.forceRelease("r"),
  ]) {
    await expect(call()).rejects.toThrow(TypeError);
    await expect(call()).rejects.toThrow(/has been closed/);
  }
  expect(await locks.query()).toEqual({ held: [], pending: [] });
});

test("memoryQuorum refuses a count that is none", () => {
  expect(() => memoryQuorum(0)).toThrow(RangeError);
  expect(() => memoryQuorum(2.5)).toThrow(RangeError);
  expect(() => memoryQuorum("5" as never)).toThrow(TypeError);
});

describe("redisQuorum refuses", () => {
  const lists: Mistake[] = [
    ["no list", "redis://a", TypeError, /nodes: expected an array, got "redis:/],
    ["an empty list", [], RangeError, /nodes: expected at least one, got \[\]/],
    [
      "a URL that cannot be parsed",
      ["redis://ok", "redis//x"],
      TypeError,
      /nodes\[1\]: expected a URL/,
    ],
    ["an empty URL", [""], TypeError, /nodes\[0\].*""/],
    ["a URL of another kind", ["http://a:6379"], TypeError, /nodes\[0\]: expected a URL/],
    ["a port that is none", ["redis://a:99999"], TypeError, /nodes\[0\]/],
    ["a number", [6379], TypeError, /nodes\[0\].*6379/],
    ["nothing", [undefined], TypeError, /nodes\[0\].*undefined/],
    ["a cluster", [{ isCluster: true, duplicate() {} }], TypeError, /Redis Cluster/],
    [
      "the same node twice",
      ["redis://a", "redis://b", "redis://a:6379"],
      RangeError,
      /a:6379.*twice/,
    ],
  ];
  test.for(lists)("%s", ([, given, type, message]) => {
    expect(() => redisQuorum(given as never)).toThrow(type);
    expect(() => redisQuorum(given as never)).toThrow(message);
  });

  test("options that it does not know, or that are out of range", () => {
    const nodes = ["redis://a"];
    expect(() => redisQuorum(nodes, { prefix: "x" } as never)).toThrow(/no option "prefix"/);
    expect(() => redisQuorum(nodes, { keyPrefix: 5 } as never)).toThrow(
      /keyPrefix: expected a string/,
    );
    expect(() => redisQuorum(nodes, { roundTimeoutMs: 0 })).toThrow(/roundTimeoutMs/);
  });

  test("what it refuses without telling the password in it", () => {
    const given = ["redis//user:secret@host"];
    expect(() => redisQuorum(given)).toThrow(expect.not.stringContaining("secret") as never);
  });
});

test("extend and release after a loss or a release say so", async () => {
  const world = virtualWorld();
  const manager = new LockManager(memoryQuorum(3, world));
  const lock = await world.clock.finish(manager.acquire("r", { renew: false }));
  world.clock.jump(10_000);
  await expect(lock.extend()).rejects.toThrow(LockLostError);
  expect(await lock.release()).toBe(false);
  const other = await world.clock.finish(manager.acquire("r"));
  await other.release();
  await expect(other.extend()).rejects.toMatchObject({ reason: "released" });
});

test("a wait that is over at once says who holds it, with waitMs 0 as with a short one", async () => {
  const world = virtualWorld();
  const quorum = memoryQuorum(3, world);
  const [a, b] = [new LockManager(quorum), new LockManager(quorum)];
  await world.clock.finish(a.acquire("r"));
  for (const waitMs of [0, 1]) {
    const outcome = b.acquire("r", { waitMs });
    await expect(world.clock.finish(outcome)).rejects.toThrow(LockHeldError);
    await expect(outcome).rejects.toThrow(/held by pid 1 on virtual \(exclusive/);
  }
});
