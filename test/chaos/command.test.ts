/**
 * Goal: `quorumlock chaos` says what happened, ends with the exit code that it promises, and leaves nothing
 * behind, however it ends.
 * Method: the built command as a process, with real masters and clients; it is interrupted and killed.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/chaos/record.ts";
import { scenarios } from "../../src/chaos/scenarios/scenarios.ts";
import { systems } from "../../src/chaos/systems/systems.ts";
import { eventually } from "../fixture/eventually.ts";
import { quorumlock } from "../fixture/program.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "quorumlock-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The processes that have this text in their command line. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(text));
}

async function chaos(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = quorumlock(["chaos", ...args]);
  const { code } = await program.ended;
  return { code, output: program.output() };
}

describe("quorumlock chaos", { timeout: 60_000 }, () => {
  test("list names every scenario and every system", async () => {
    const { code, output } = await chaos("list");
    expect(code).toBe(0);
    for (const { name } of [...scenarios, ...systems]) expect(output).toContain(name);
  });

  test.for([
    [["--scenario", "nothing"], /--scenario: there is no "nothing"/],
    [["--system", "nothing"], /--system: there is no "nothing"/],
    [["--duration", "soon"], /--duration: expected 1s to 24h, such as 20s or 10m, got soon/],
    [["--nodes", "2"], /--nodes: expected a whole number from 3 to 99, got 2/],
    [["--schedule", "/nowhere"], /--schedule: ENOENT/],
    [["--scenario", "all", "--print-schedule"], /takes one scenario and one system/],
    [["--shout"], /--shout/],
    [["--seed", "1", "--seed", "2"], /--seed: it was given 2 times/],
  ] as const)("%s is a wrong call", async ([args, message]) => {
    const { code, output } = await chaos(...args);
    expect(code).toBe(64);
    expect(output).toMatch(message);
  });

  test("acquits this library where plain Redlock is convicted, and keeps what it saw", async () => {
    const out = await folder();
    const given = ["--scenario", "restart-empty", "--out", out, "--json"];
    const both = ["--system", "quorumlock", "--system", "plain,quorumlock"];
    const { code, output } = await chaos(...given, ...both);
    expect(code, output).toBe(0);
    const [ours, plain, ...more] = JSON.parse(/^\[.*\]$/m.exec(output)?.[0] ?? "") as RunRecord[];
    expect(more).toEqual([]);
    expect(ours?.verdict).toMatchObject({ outcome: "as expected", findings: [] });
    expect(plain?.verdict.violationCounts["C1"]).toBe(1);
    const file = join(out, "restart-empty--plain--1.json");
    const record = JSON.parse(await readFile(file, "utf8")) as RunRecord;
    expect(record.replay).toBe("quorumlock chaos --scenario restart-empty --system plain --seed 1");
    const [finding] = record.verdict.findings;
    expect(finding?.message).not.toContain("token");
    expect(finding).toMatchObject({ check: "C1", property: "exclusion", resource: "r" });
    expect(finding?.clients.toSorted()).toEqual(["A", "B"]);
    const [a, b] = record.clients.map(({ grants }) =>
      grants.find(({ resources }) => resources[0] === "r"),
    );
    expect(b?.from).toBeLessThan(a?.until ?? 0);
    expect(record.nodes[1]?.states.map(({ state }) => state)).toEqual(["up", "down", "up"]);
    expect(record.links.map(({ client, node, state }) => [client, node, state])).toEqual([
      ["A", "node 3", "cut"],
      ["B", "node 1", "cut"],
    ]);
  });

  test("says 1 when what was expected to break is not seen to break", async () => {
    const file = join(await folder(), "schedule.json");
    const given = ["--scenario", "restart-empty", "--system", "plain"];
    const printed = await chaos(...given, "--print-schedule");
    const steps = JSON.parse(printed.output) as { do: string }[];
    const harmless = steps.filter((step) => step.do !== "kill" && step.do !== "start");
    await writeFile(file, JSON.stringify(harmless));
    const { code, output } = await chaos(...given, "--schedule", file);
    expect(code).toBe(1);
    expect(output).toContain("exclusion was expected to break and held");
  });

  test("says 2 when too little happened to prove anything", async () => {
    const file = join(await folder(), "schedule.json");
    await writeFile(file, JSON.stringify([{ do: "wait", ms: 1 }]));
    const { code, output } = await chaos("--scenario", "flushed", "--schedule", file);
    expect(code).toBe(2);
    expect(output).toContain("too little happened to prove anything");
  });

  test("accuses nobody of calls that a killed or a stopped client has left open", async () => {
    const file = join(await folder(), "schedule.json");
    const ask = { do: "ask", resources: ["r"], waitMs: 60_000 };
    const steps = [
      { do: "ask", client: "C", resources: ["r"], renew: true },
      { do: "answer", client: "C", withinMs: 5_000 },
      { ...ask, client: "A" },
      { ...ask, client: "B" },
      { do: "wait", ms: 200 },
      { do: "freezeClient", client: "A" },
      { do: "killClient", client: "B" },
    ];
    await writeFile(file, JSON.stringify(steps));
    const given = ["--scenario", "mix", "--schedule", file, "--json"];
    const { output } = await chaos(...given);
    const [record] = JSON.parse(/^\[.*\]$/m.exec(output)?.[0] ?? "") as RunRecord[];
    expect(record?.liveness.unsettledCount).toBe(2);
    expect(record?.verdict.violationCounts["C11"]).toBeUndefined();
  });

  test("convicts a mutant", async () => {
    const { code, output } = await chaos(
      "--scenario",
      "flushed",
      "--system",
      "mutant:no-quarantine",
    );
    expect(code, output).toBe(0);
    expect(output).toMatch(/broke: exclusion/);
  });

  test.for(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "leaves nothing behind after %s, also of clients and nodes that are stopped",
    async (signal) => {
      const temporary = await folder();
      const file = join(await folder(), "schedule.json");
      const steps = [
        { do: "work" },
        { do: "freeze", node: 1 },
        { do: "freezeClient", client: "A" },
        { do: "wait", ms: 50_000 },
      ];
      await writeFile(file, JSON.stringify(steps));
      const program = quorumlock(["chaos", "--scenario", "mix", "--schedule", file], {
        TMPDIR: temporary,
        FORCE_COLOR: "0",
      });
      const mine = `"peers":"${join(process.cwd(), "bench")}`;
      await eventually(async () => {
        expect((await processesWith(temporary)).length).toBeGreaterThan(9);
        expect(
          (await processesWith("client.js")).filter((line) => line.includes(mine)).length,
        ).toBeGreaterThan(3);
      });
      program.process.kill(signal);
      const { code } = await program.ended;
      if (signal !== "SIGKILL") expect(code).toBe(130);
      await eventually(async () => {
        expect(await processesWith(temporary)).toEqual([]);
        expect(await readdir(temporary)).toEqual([]);
        expect((await processesWith("client.js")).filter((line) => line.includes(mine))).toEqual(
          [],
        );
      });
    },
  );
});

test("every mutant is a patch of a place that is there, once, and can be run", async () => {
  for (const { name, patches = [] } of systems) {
    const texts = new Map<string, string>();
    for (const { file, find, replace } of patches) {
      const text = texts.get(file) ?? (await readFile(join("dist", file), "utf8"));
      expect(text.split(find), `${name}, ${file}: ${find}`).toHaveLength(2);
      texts.set(
        file,
        text.replace(find, () => replace),
      );
    }
    for (const [file, input] of texts) {
      const { stderr } = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
        input,
      });
      expect(stderr.toString(), `${name}, ${file}`).toBe("");
    }
  }
});
