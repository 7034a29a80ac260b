/**
 * Goal: what the bench makes of what it saw is right: spreads, ratios, fairness, who held when.
 * Method: by hand, on a few numbers; commands that are counted go to a Redis server. Nothing is measured.
 */
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { wishOf } from "../../bench/command-line.ts";
import { contention } from "../../bench/contention.ts";
import type { Contended } from "../../bench/client/contending.ts";
import { effortOf } from "../../bench/client/effort.ts";
import { sentBesides } from "../../bench/client/sent.ts";
import { Samples } from "../../bench/samples.ts";
import { jain, quantile, spreadOf } from "../../bench/statistics.ts";
import type { System } from "../../bench/system.ts";
import { startMasters } from "../../src/masters/masters.ts";

const system = (name: string): System => ({
  ...{ name, version: "1" },
  open: () => Promise.reject(new Error("it is not opened here")),
});

describe("statistics", () => {
  test("a spread is the median and the middle half, of what is a number", () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, from: 2, until: 4, rounds: 5 });
    expect(spreadOf([Number.NaN, 7, Infinity])).toMatchObject({ median: 7, rounds: 1 });
    expect(spreadOf([Number.NaN])).toBeUndefined();
  });

  test("a quantile is one of the values", () => {
    expect(quantile([30, 10, 20, 40], 0.99)).toBe(30);
    expect(quantile([30, 10, 20, 40], 1)).toBe(40);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("Jain's index is 1 for equal shares, and 1/n for one that has all", () => {
    expect(jain([7, 7, 7])).toBe(1);
    expect(jain([9, 0, 0, 0])).toBe(0.25);
    expect(jain([1, 2, 3])).toBeCloseTo(36 / 42);
    expect(jain([0, 0])).toBeNaN();
  });
});

describe("samples", () => {
  const [first, second] = [system("first"), system("second")];
  const figures = [
    { key: "us", title: "us", digits: 0 },
    { key: "ratio", title: "x", digits: 1, ratioOf: "us" },
  ];

  test("ratios are taken round by round, and rows stand in the order of the systems", () => {
    const samples = new Samples([first, second]);
    for (const [round, us] of [10, 100, 1_000].entries()) {
      samples.add("a", second, { us: us * (round + 1) });
      samples.add("a", first, { us });
    }
    const [{ name, rows } = { name: "", rows: [] }] = samples.cases(figures);
    expect(name).toBe("a");
    expect(rows.map(({ system }) => system)).toEqual(["first", "second"]);
    expect(rows[0]?.figures["ratio"]?.median).toBe(1);
    // 10, 200 and 3 000 against 10, 100 and 1 000.
    expect(rows[1]?.figures["ratio"]).toEqual({ median: 2, from: 1, until: 2, rounds: 3 });
  });

  test("errors add up, and who has no figure still has a row", () => {
    const samples = new Samples([first, second]);
    samples.add("a", first, { us: 1 });
    samples.addErrors("a", second, { stuck: 1 });
    samples.addErrors("a", second, { stuck: 2, "Error: N": 1 });
    const rows = samples.cases(figures)[0]?.rows ?? [];
    expect(rows[1]).toMatchObject({ figures: {}, errors: { stuck: 3, "Error: N": 1 } });
  });
});

describe("one lock, seen by several processes", () => {
  const part = (rest: Partial<Contended>): Contended => ({
    ...{ grants: [], waitingSince: [], errors: {}, cpuUs: 300, ms: 100, commands: 15 },
    ...rest,
  });
  const parts = [
    part({
      grants: [
        { waiter: 0, askedAt: 0, grantedAt: 1, releaseAt: 11 },
        { waiter: 0, askedAt: 12, grantedAt: 40, releaseAt: 50 },
      ],
      errors: { refused: 1 },
    }),
    part({
      grants: [{ waiter: 0, askedAt: 0, grantedAt: 13, releaseAt: 23 }],
      waitingSince: [25],
      errors: { refused: 2 },
    }),
  ];
  const contest = { beginAt: 0, endAt: 100, waiters: 1 };
  const { figures, errors } = contention(parts, contest);

  test("a hand-off is from where the release begins to the next grant, in any process", () => {
    // 11 to 13, 23 to 40.
    expect(figures["handOff"]).toBe(2);
    expect(figures["passedOn"]).toBe(100);
    // From 50 to the end nobody had it.
    expect(figures["gap"]).toBe(50);
    expect(figures["grants"]).toBe(30);
  });

  test("who waits in vain waits, too", () => {
    expect(figures["wait"]).toBe(75);
    // Two waiters, three grants in 100 ms.
    expect(figures["waitRatio"]).toBeCloseTo(75 / (200 / 3));
  });

  test("commands and processor time are shared out, errors add up", () => {
    expect(figures["commands"]).toBe(10);
    expect(figures["cpu"]).toBe(200);
    expect(figures["jain"]).toBeCloseTo(9 / 10);
    expect(errors).toEqual({ refused: 3 });
  });
});

test("commands that a process sends are counted, in pipelines too, and not those of its scripts", async () => {
  await using masters = await startMasters({ count: 1 });
  const client = new Redis(masters.urls[0] ?? "");
  await client.ping();
  const { commands } = await effortOf(async () => {
    await client.eval("return redis.call('SET', KEYS[1], 1)", 1, "key");
    await client.pipeline().get("key").del("key").exec();
    sentBesides();
  });
  client.disconnect();
  expect(commands).toBe(4);
});

describe("the command line", () => {
  const known = ["one", "two"];
  const measure = { kind: "measure", isQuick: false, json: undefined };

  test.for([
    [[], { ...measure, workloads: known }],
    [["all", "--quick"], { ...measure, workloads: known, isQuick: true }],
    [["two", "--json", "f"], { ...measure, workloads: ["two"], json: "f" }],
    [["report", "f", "g"], { kind: "report", files: ["f", "g"], into: "docs" }],
  ] as const)("%j", ([args, wish]) => {
    expect(wishOf(args, known)).toEqual(wish);
  });

  test.for([
    [["three"], /no workload three/],
    [["--fast"], /'--fast'/],
    [["--json"], /--json/],
    [["report"], /report: expected the file/],
    [["report", "f", "--quick"], /only takes --into/],
    [["one", "--into", "f"], /--into goes with report/],
  ] as const)("%j is refused", ([args, why]) => {
    expect(wishOf(args, known)).toMatch(why);
  });
});
