/**
 * Goal: the page says what was measured, where, and what of it is reached; results of different machines are
 * refused.
 * Method: made-up results, written and read as the bench does.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { report } from "../../bench/report/report.ts";
import { thresholds } from "../../bench/report/thresholds.ts";
import { format, type MeasuredWorkload, type Row, type Run } from "../../bench/result.ts";
import type { Workload } from "../../bench/workload.ts";

const row = (system: string, figures: Record<string, number>, errors = {}): Row => ({
  ...{ system, version: "1.2.3", errors },
  figures: Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [
      key,
      { median: value, from: value - 1, until: value + 1, rounds: 5 },
    ]),
  ),
});

const measured = (rows: readonly Row[]): MeasuredWorkload => ({
  ...{ cases: [{ name: "alone", rows }], leftOut: [{ system: "raw sockets", why: "it does not" }] },
  ...{ startedAt: "2026-11-22T20:00:00.000Z", seconds: 12.3, busyBefore: 0.1 },
});

const run: Run = {
  format,
  machine: { cpu: "Made-up <CPU>", cores: 2, kernel: "Linux 6 x64", memoryGiB: 8 },
  versions: { node: "v20.19.0", masters: "Redis 7.0.15, installed" },
  isQuick: false,
  results: {
    uncontended: measured([
      row("raw ioredis fan-out", { pair: 200, ratio: 1 }),
      row("quorumlock", { pair: 204, ratio: 1.02 }),
      row("redlock", {}, { "stuck until it was given up": 3 }),
    ]),
  },
};

const workloads: Workload[] = [
  {
    ...{ name: "uncontended", about: "About it.", how: "How it is done." },
    figures: [
      { key: "pair", title: "pair us", digits: 0 },
      { key: "ratio", title: "x", digits: 2, ratioOf: "pair" },
    ],
    charts: [{ figure: "pair", title: "Pairs & more" }],
    run: () => Promise.reject(new Error("it is not run here")),
  },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quorumlock-report-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function saved(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const text = (path: string): Promise<string> => readFile(join(folder, path), "utf8");

describe("the page", () => {
  beforeAll(async () => {
    await report([await saved("run.json", run)], { into: folder, workloads });
  });

  test("has the machine, the versions, the tables, what went wrong and who was left out", async () => {
    const page = await text("BENCHMARKS.md");
    expect(page).toContain("2 x Made-up <CPU>, 8 GiB, Linux 6 x64. Node 20.19.0");
    expect(page).toMatch(/\| quorumlock 1\.2\.3 +\| +204 \| +1\.02 \(0\.02-2\.02\) \|/);
    expect(page).toMatch(/\| redlock 1\.2\.3 +\| +- \| +- \|/);
    expect(page).toContain("- redlock: 3 x stuck until it was given up");
    expect(page).toContain("Left out: raw sockets (it does not).");
    expect(page).toContain("`npm run bench -- uncontended`, 2026-11-22 20:00 UTC, 12 s");
    expect(page).not.toContain("was busy");
  });

  test("says what is met, and what was not measured", async () => {
    const page = await text("BENCHMARKS.md");
    expect(page).toMatch(/a pair against raw ioredis +\| +≤ 1\.05 x \| +1\.02 x \| +met \|/);
    expect(page).toMatch(/10 ms away: acquire +\| +≤ 1\.10 round trips \| +not measured \|/);
  });

  test("has a chart with a bar for each system, or why there is none", async () => {
    const chart = await text("benchmarks/uncontended-pair.svg");
    expect(await text("BENCHMARKS.md")).toContain("](benchmarks/uncontended-pair.svg)");
    expect(chart).toContain("<title>Pairs &amp; more</title>");
    expect(chart.match(/<rect class="(ours|other|stick)"/g)).toHaveLength(2);
    expect(chart).toContain(">stuck</text>");
    expect(chart).toContain("prefers-color-scheme: dark");
  });
});

describe("a result", () => {
  const other = (rest: Partial<Run>): Run => ({ ...run, ...rest });

  test("of another machine is refused, and so is one of another version", async () => {
    const one = await saved("one.json", run);
    const machine = { ...run.machine, cores: 4 };
    const far = await saved("far.json", other({ machine }));
    const into = { into: folder, workloads };
    await expect(report([one, far], into)).rejects.toThrow("do not compare: cores: 2, 4");
    const versions = { ...run.versions, node: "v24.0.0" };
    const newer = await saved("newer.json", other({ versions }));
    await expect(report([one, newer], into)).rejects.toThrow("node: v20.19.0, v24.0.0");
  });

  test("that is none is refused by its name", async () => {
    const into = { into: folder, workloads };
    const none = await saved("none.json", { results: {} });
    await expect(report([none], into)).rejects.toThrow(/none\.json is no result of this bench/);
    await expect(report([`${none}x`], into)).rejects.toThrow(/none\.jsonx cannot be read/);
  });

  test("that was quick, or is on a busy machine, says so and is not judged", async () => {
    const busy = { ...measured([row("quorumlock", { ratio: 1 })]), busyBefore: 5 };
    const quick = other({ isQuick: true, results: { uncontended: busy } });
    await report([await saved("quick.json", quick)], { into: folder, workloads });
    const page = await text("BENCHMARKS.md");
    expect(page).toContain("with `--quick`");
    expect(page).toContain("**The machine was busy");
    expect(thresholds(quick).map(({ isMet }) => isMet)).not.toContain(true);
    expect(thresholds(run).filter(({ isMet }) => isMet !== undefined)).toHaveLength(1);
  });
});
