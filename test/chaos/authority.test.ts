/**
 * Goal: `quorumlock chaos` starts, hurts and judges a database and an ensemble, too, tells a right lock from a
 * wrong one there, and leaves nothing behind, however it ends.
 * Method: the built command as a process, with real servers.
 */
import { chmod, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/chaos/record.ts";
import { chosen } from "../../src/cli/chaos/choice.ts";
import { UsageError } from "../../src/cli/option.ts";
import { findZooKeeper } from "../../src/masters/ensemble.ts";
import { findPostgres } from "../../src/masters/postgres-server.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { quorumlock } from "../fixture/program.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "quorumlock-test-"));
  // Databases run as somebody else.
  await chmod(path, 0o755);
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

interface ProcessThere {
  readonly name: string;
  /** `R`, `S`, `T` for one that is stopped … */
  readonly state: string;
}

/** The processes that have this folder in their command line, or are in it. */
async function processesIn(path: string): Promise<ProcessThere[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const looks = pids.map(async (pid): Promise<ProcessThere[]> => {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8");
    const place = await readlink(`/proc/${pid}/cwd`);
    if (!line.includes(path) && !place.startsWith(path)) return [];
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [, name = "", state = ""] = /\((.*)\) (\w)/.exec(stat) ?? [];
    return [{ name, state }];
  });
  // Some of them are gone before they are looked at.
  return (await Promise.all(looks.map((look) => look.catch(() => [])))).flat();
}

/** The records of these runs, in their order, and the exit code. */
async function chaos(...args: string[]): Promise<{ code: number | null; records: RunRecord[] }> {
  const out = await folder();
  const program = quorumlock(["chaos", ...args, "--json", "--out", out]);
  const { code } = await program.ended;
  const said = JSON.parse(/^\[.*\]$/m.exec(program.output())?.[0] ?? "[]") as { file: string }[];
  const texts = await Promise.all(said.map(({ file }) => readFile(join(out, file), "utf8")));
  return { code, records: texts.map((text) => JSON.parse(text) as RunRecord) };
}

const hasPostgres = await isAvailable("PostgreSQL", findPostgres);
const hasZooKeeper = await isAvailable("ZooKeeper", findZooKeeper);

test.for([
  [["restart-empty", "postgres"], "restart-empty makes no sense for postgres: it is for Redis"],
  [["server-restarted", "quorumlock"], "makes no sense for quorumlock: it is for PostgreSQL"],
  [["flushed", "naive:del"], "it is for Redis, and not for one server"],
  [["leader-killed", "peers"], "leader-killed makes no sense for any of peers"],
  [["calm", "zookeeper", "--nodes", "5"], "--nodes: zookeeper always has 3"],
] as const)("%s is a wrong call", ([[scenario, system, ...rest], message]) => {
  const call = (): unknown => chosen(["--scenario", scenario, "--system", system, ...rest]);
  expect(call).toThrow(UsageError);
  expect(call).toThrow(message);
});

test("a group leaves out what makes no sense for it", () => {
  const { runs } = chosen(["--scenario", "restart-empty,server-restarted", "--system", "ours"]);
  expect(runs.map(({ system, scenario }) => `${scenario.name} ${system.name}`)).toEqual([
    "restart-empty quorumlock",
    "restart-empty quorumlock:strict",
    "server-restarted postgres",
    "server-restarted mariadb",
  ]);
});

describe.skipIf(!hasPostgres)("a database", { timeout: 60_000 }, () => {
  test("acquits this library, and has a band that says when the server was down", async () => {
    const { code, records } = await chaos("--scenario", "server-restarted", "--system", "postgres");
    expect(code).toBe(0);
    const [record] = records;
    expect(record?.verdict).toMatchObject({ outcome: "as expected", findings: [] });
    expect(record?.machine.masters).toContain("PostgreSQL");
    expect(record?.nodes.map(({ name }) => name)).toEqual(["node 1"]);
    expect(record?.nodes[0]?.states.map(({ state }) => state)).toEqual(["up", "down", "up"]);
  });

  test("convicts a recipe", async () => {
    const given = ["--scenario", "late-release", "--system", "naive:delete-by-name:postgres"];
    const { code, records } = await chaos(...given);
    expect(code).toBe(0);
    const [verdict] = records.map((record) => record.verdict);
    expect(verdict?.violationCounts["C1"]).toBe(1);
    expect(verdict?.findings[0]?.clients.toSorted()).toEqual(["B", "C"]);
  });

  test("leaves nothing behind when it is killed while the server is stopped", async () => {
    const temporary = await folder();
    const file = join(await folder(), "schedule.json");
    const steps = [{ do: "work" }, { do: "freeze", node: 1 }, { do: "wait", ms: 50_000 }];
    await writeFile(file, JSON.stringify(steps));
    const given = ["--scenario", "mix", "--system", "postgres", "--schedule", file];
    const program = quorumlock(["chaos", ...given], { TMPDIR: temporary });
    await eventually(async () => {
      const server = (await processesIn(temporary)).filter(({ name }) => name === "postgres");
      expect(server.map(({ state }) => state)).toContain("T");
    }, 30_000);
    program.process.kill("SIGKILL");
    await program.ended;
    await eventually(async () => {
      expect(await processesIn(temporary)).toEqual([]);
      expect(await readdir(temporary)).toEqual([]);
    }, 20_000);
  });
});

describe.skipIf(!hasZooKeeper)("an ensemble", { timeout: 60_000 }, () => {
  test("goes on without its leader, and the record has a band of each server", async () => {
    const file = join(await folder(), "schedule.json");
    const steps = [
      { do: "work" },
      { do: "wait", ms: 500 },
      { do: "kill", node: "leader" },
      { do: "wait", ms: 2_000 },
      { do: "rest" },
      { do: "healAll" },
    ];
    await writeFile(file, JSON.stringify(steps));
    const given = ["--scenario", "leader-killed", "--system", "zookeeper", "--schedule", file];
    const { code, records } = await chaos(...given);
    expect(code).not.toBe(1);
    const [record] = records;
    expect(record?.verdict.violationCounts["C1"]).toBe(0);
    const down = record?.nodes.filter(({ states }) => states.some(({ state }) => state === "down"));
    expect(record?.faults[0]?.about).toMatch(/^node \d, the leader, is killed/);
    expect(record?.nodes).toHaveLength(3);
    expect(down).toHaveLength(1);
  });
});
