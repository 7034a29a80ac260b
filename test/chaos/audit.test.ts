/**
 * Goal: what a node says that it did is read right: its votes, in its order, and what it must not have said.
 * Method: lines of MONITOR by hand, and a real master that is asked for votes, emptied and restarted.
 */
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { LockManager } from "../../src/index.ts";
import { Audit } from "../../src/chaos/nodes/audit.ts";
import { monitorLine } from "../../src/chaos/nodes/monitor-line.ts";
import { slotsIn } from "../../src/chaos/nodes/slot.ts";
import { Journal } from "../../src/chaos/run/journal.ts";
import { startMasters } from "../../src/masters/masters.ts";
import { redisQuorum } from "../../src/redis.ts";
import { eventually } from "../fixture/eventually.ts";

describe("a line of MONITOR", () => {
  test("is a command and its words, with what was escaped", () => {
    const line = String.raw`+1795375787.193139 [0 127.0.0.1:52214] "set" "a \"b\"" "1\n2\\\xff"`;
    expect(monitorLine(line)).toEqual({
      isInScript: false,
      words: ["set", 'a "b"', "1\n2\\\u00ff"],
    });
  });

  test("says whether a script did it", () => {
    expect(monitorLine('+1.000001 [0 lua] "GET" "k"')?.isInScript).toBe(true);
  });

  test("is not what else comes", () => {
    expect(monitorLine("+OK")).toBe(undefined);
  });
});

test("the record of a resource has its holders, and nothing else that it knows", () => {
  const record = {
    "quorumlock 2": "1795375787193139 1795375787193139",
    kept: "1795375987193 0 0",
    "x abc.1": "1795375787193 1500 1795375787193139 12 host",
    "S abc.2": "1795375787193 1500 1795375787193140 12 host",
    notes: "t abc.0 1795375787193 1500",
  };
  expect(slotsIn(record)).toMatchObject([
    {
      owner: "abc.1",
      mode: "exclusive",
      fencingToken: 1_795_375_787_193_139,
      untilMs: 1_795_375_787_193 + 1_500,
    },
    { owner: "abc.2", mode: "shared" },
  ]);
  expect(slotsIn({ amount: "42 euros" })).toEqual([]);
});

test("the votes of a real node are seen, once each, and those too early after a loss marked", async () => {
  const masters = await startMasters({ count: 1 });
  onTestFinished(() => masters.close());
  const journal = new Journal();
  const [url = ""] = masters.urls;
  const audit = new Audit(url, { node: "node 1", journal, silenceMs: 60_000 });
  onTestFinished(() => audit.close());
  const [first, second] = [1, 2].map(() => new LockManager(redisQuorum(masters.urls)));
  onTestFinished(async () => void (await Promise.all([first?.close(), second?.close()])));
  const votes = () => journal.events.filter((event) => event.type === "vote");
  const lock = await first!.acquire("r");
  await eventually(() => expect(votes()).toHaveLength(1));
  await lock.extend();
  await eventually(() => expect(votes()).toHaveLength(2));
  await lock.release();
  const next = await second!.acquire("r");
  await eventually(() => expect(votes()).toHaveLength(3));
  expect(votes()).toMatchObject([
    { attempt: lock.owner, fencingToken: lock.fencingToken, isQuarantined: false },
    { attempt: lock.owner, fencingToken: lock.fencingToken, isQuarantined: false },
    { attempt: next.owner, fencingToken: next.fencingToken, isQuarantined: false },
  ]);
  expect(journal.commandCounts.get("node 1")).toBeGreaterThan(3);
  // It is emptied, and with none that remember it, it is taken for a new one: it votes too early.
  await Promise.all([first!.close(), second!.close()]);
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  await client.flushall();
  const fresh = new LockManager(redisQuorum(masters.urls));
  onTestFinished(() => fresh.close());
  const early = await fresh.acquire("r");
  await eventually(() =>
    expect(votes().at(-1)).toMatchObject({ attempt: early.owner, isQuarantined: true }),
  );
});
