/**
 * Goal: fifty processes that race for one lock get it one at a time, in turn, with growing tokens,
 * and no error reaches any of them, not even while the leader is killed. Method: real processes
 * that write into one file when they come in and when they go out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../src/masters/temporary-folder.ts";
import { isAvailable } from "../fixture/available.ts";
import { eventually } from "../fixture/eventually.ts";
import { findZooKeeper, startEnsemble, type Ensemble } from "../fixture/zookeeper.ts";

const processes = 50;
const seconds = Number(process.env["QUORUMLOCK_RACE_SECONDS"] ?? 8);
const isInstalled = await isAvailable("ZooKeeper", findZooKeeper);

interface Racer {
  readonly ready: Promise<unknown>;
  readonly go: () => void;
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

function startRacer(address: string, file: string): Racer {
  const args = ["test/fixture/racer.mjs", address, file, String(seconds)];
  const child = spawn(process.execPath, args);
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  return {
    ready: once(child.stdout, "data"),
    go: () => void child.stdin.write("go\n"),
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, text })),
  };
}

describe.skipIf(!isInstalled)(`${processes} processes`, () => {
  let ensemble: Ensemble;
  beforeAll(async () => void (ensemble = await startEnsemble()));
  afterAll(() => ensemble?.close());

  test(
    "get one lock one at a time, each in its turn, with growing tokens, and no error",
    { timeout: 60_000 + 2_000 * seconds },
    async () => {
      const folder = await temporaryFolder("quorumlock-race-");
      onTestFinished(() => folder.remove());
      const file = join(folder.path, "race");
      const racers: Racer[] = [];
      for (let started = 0; started < processes; started += 10) {
        const some = Array.from({ length: 10 }, () => startRacer(ensemble.address, file));
        await Promise.all(some.map(({ ready }) => ready));
        racers.push(...some);
      }
      for (const { go } of racers) go();
      const lines = async (): Promise<string[]> =>
        (await readFile(file, "utf8")).trim().split("\n");
      await eventually(async () => expect((await lines()).length).toBeGreaterThan(100));
      await (await ensemble.leader()).kill();
      for (const { code, text } of await Promise.all(racers.map(({ ended }) => ended))) {
        expect({ code, text }).toEqual({
          code: 0,
          text: expect.stringMatching(/^ready\n\d+ wins\n$/),
        });
      }
      judge(await lines());
    },
  );
});

function judge(lines: readonly string[]): void {
  const wins = new Map<string, number>();
  let last = 0;
  for (let index = 0; index < lines.length; index += 2) {
    const [entered, pid = "", token] = lines[index]!.split(" ");
    expect([entered, lines[index + 1]]).toEqual(["in", `out ${pid} ${token}`]);
    expect(Number(token)).toBeGreaterThan(last);
    last = Number(token);
    wins.set(pid, (wins.get(pid) ?? 0) + 1);
  }
  const counts = [...wins.values()];
  expect(wins.size).toBe(processes);
  // In turn: nobody is far ahead. (Who was cut off when the leader died has lost some turns.)
  process.stderr.write(
    `${lines.length / 2} grants, ${Math.min(...counts)} to ${Math.max(...counts)} each\n`,
  );
  expect(Math.max(...counts)).toBeLessThanOrEqual(2 * Math.min(...counts) + 5);
}
