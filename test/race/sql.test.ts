/**
 * Goal: fifty processes that race for one row: one is inside at a time, tokens grow strictly in the order in
 * which they were inside, and no error of the database reaches any of them.
 * Method: real processes on a real server, which tell when they were inside, by the clock of the machine.
 * $QUORUMLOCK_RACE_SECONDS makes it longer.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { SqlServer } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { migrated } from "../fixture/sql-locks.ts";

const processCount = 50;
const seconds = Number(process.env["QUORUMLOCK_RACE_SECONDS"] ?? 8);
/** So many at a time are started: all at once, a machine with two cores takes as long, and swaps. */
const startedAtOnce = 10;
const program = fileURLToPath(new URL("../fixture/contender.mjs", import.meta.url));

/** What a contender says; instants are in milliseconds, by a clock that all processes share. */
type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "inside"; readonly token: number; readonly from: number; readonly to: number }
  | { readonly kind: "trouble"; readonly message: string };

interface Contender {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
}

describe.for(await sqlKinds())("%s", ([name, kind]) => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await kind.start();
    await migrated(kind, server.url);
  });
  afterAll(() => server?.close());

  test(
    `${processCount} processes race for one row`,
    { timeout: 120_000 + seconds * 2_000 },
    async () => {
      const heard: (Message & { readonly who: number })[] = [];
      const start = (who: number): Contender => {
        const child = fork(program, [name, server.url, "row"], { execArgv: [] });
        onTestFinished(() => void child.kill("SIGKILL"));
        child.on("message", (message) => heard.push({ ...(message as Message), who }));
        const failed = once(child, "exit").then(([code]) => {
          throw new Error(`a process ended too early, with ${String(code)}`);
        });
        failed.catch(() => {});
        return { child, ready: Promise.race([once(child, "message"), failed]) };
      };
      const contenders: Contender[] = [];
      while (contenders.length < processCount) {
        const next = Array.from({ length: startedAtOnce }, (_, i) => start(contenders.length + i));
        contenders.push(...next);
        await Promise.all(next.map(({ ready }) => ready));
      }
      for (const { child } of contenders) child.send("begin");
      await pause(seconds * 1_000);
      const exits = contenders.map(({ child }) => once(child, "exit"));
      for (const { child } of contenders) child.send("end");
      expect(new Set((await Promise.all(exits)).map(([code]) => code as number))).toEqual(
        new Set([0]),
      );

      expect(heard.filter((message) => message.kind === "trouble")).toEqual([]);
      const inside = heard
        .filter((message) => message.kind === "inside")
        .toSorted((a, b) => a.from - b.from);
      const pairs = inside.slice(1).map((later, index) => ({ earlier: inside[index]!, later }));
      expect(pairs.filter(({ earlier, later }) => later.from < earlier.to)).toEqual([]);
      expect(pairs.filter(({ earlier, later }) => later.token <= earlier.token)).toEqual([]);
      // There was a race: many were inside, and it went from one to the other.
      const winners = new Set(inside.map(({ who }) => who));
      const handOffs = pairs.filter(({ earlier, later }) => earlier.who !== later.who).length;
      process.stdout.write(
        `${name}: ${inside.length} times inside in ${seconds} s, ${winners.size} processes, ${handOffs} hand-offs\n`,
      );
      expect(winners.size).toBeGreaterThan(10);
      expect(handOffs).toBeGreaterThan(20);
    },
  );
});
