/**
 * Goal: the command does what its help says, with the exit codes that it says, and leaves nothing behind,
 * however it ends.
 * Method: the built command as a process, on real masters; it is interrupted and killed.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { eventually } from "../fixture/eventually.ts";
import { quorumlock } from "../fixture/program.ts";

/** The processes that have one of these texts in their command line. */
async function processesWith(...texts: string[]): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => texts.some((text) => line.includes(text)));
}

function portsIn(output: string): string[] {
  return [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port = ""]) => port);
}

describe("quorumlock demo", () => {
  test("ends with a good verdict, after two masters died and came back", async () => {
    const demo = quorumlock(["demo", "--seconds", "5", "--workers", "4"]);
    expect(await demo.ended).toMatchObject({ code: 0 });
    const output = demo.output();
    expect(output).toMatch(/was killed: two of 5 are down/);
    expect(output.match(/is back/g)).toHaveLength(2);
    const grants = Number(/grants +(\d+)/.exec(output)?.[1]);
    expect(grants).toBeGreaterThan(10);
    expect(output).toContain(`counter       ${grants} (equals the grants)`);
    expect(output).toMatch(/overlaps +0\n/);
    expect(output).toMatch(/grants while two masters were down +[1-9]/);
    expect(output).toMatch(/verdict +good/);
  }, 60_000);

  test.for(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "leaves nothing behind after %s",
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), "quorumlock-test-"));
      const demo = quorumlock(["demo", "--seconds", "60", "--workers", "3"], { TMPDIR: folder });
      await demo.wrote(/[1-9]\d* grants/);
      expect((await readdir(folder)).length).toBeGreaterThan(0);
      expect((await processesWith(folder)).length).toBeGreaterThan(5);
      demo.process.kill(signal);
      const { code } = await demo.ended;
      if (signal !== "SIGKILL") {
        expect(code).toBe(130);
        expect(demo.output()).toContain("ended early: no verdict");
      }
      await eventually(async () => {
        expect(await processesWith(folder)).toEqual([]);
        expect(await readdir(folder)).toEqual([]);
      });
      await rm(folder, { recursive: true });
    },
  );
});

describe("quorumlock masters", () => {
  test("prints the URLs of masters that answer, and ends them with Ctrl-C", async () => {
    const masters = quorumlock(["masters", "--count", "3"]);
    await masters.wrote(/Ctrl-C ends them/);
    const urls = masters.output().match(/^redis:\/\/\S+$/gm) ?? [];
    expect(urls).toHaveLength(3);
    await masters.wrote(new RegExp(`^export QUORUMLOCK_REDIS=${urls.join()}$`, "m"));
    for (const url of urls) {
      const client = new Redis(url);
      expect(await client.ping()).toBe("PONG");
      client.disconnect();
    }
    masters.process.kill("SIGINT");
    expect(await masters.ended).toMatchObject({ code: 0 });
    const ports = portsIn(masters.output());
    expect(await processesWith(...ports.map((port) => `--port\0${port}`))).toEqual([]);
  });

  test("uses masters that somebody else runs, and does not end them", async () => {
    const theirs = quorumlock(["masters", "--count", "2"]);
    await theirs.wrote(/Ctrl-C ends them/);
    const urls = theirs.output().match(/^redis:\/\/\S+$/gm) ?? [];
    const env = { QUORUMLOCK_REDIS: urls.join(", ") };
    const ours = quorumlock(["masters", "--count", "2"], env);
    await ours.wrote(/from \$QUORUMLOCK_REDIS/);
    ours.process.kill("SIGINT");
    expect(await ours.ended).toMatchObject({ code: 0 });
    const client = new Redis(urls[0] ?? "");
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
    const tooMany = quorumlock(["masters", "--count", "3"], env);
    expect(await tooMany.ended).toMatchObject({ code: 1 });
    expect(tooMany.output()).toMatch(/expected 3 addresses or more, got 2/);
    theirs.process.kill("SIGINT");
    await theirs.ended;
  });
});

describe("a command line that cannot be understood", () => {
  test.for([
    [["dance"], /there is no command "dance"/],
    [["demo", "--speed", "5"], /Unknown option '--speed'/],
    [["demo", "--workers", "0"], /--workers: expected a whole number from 1 to 64, got 0/],
    [["demo", "--seconds", "soon"], /--seconds: expected a whole number/],
    [["masters", "five"], /five/],
  ] as [string[], RegExp][])(
    "%j is answered with how to find help, and exit code 64",
    async ([args, message]) => {
      const program = quorumlock(args);
      expect(await program.ended).toMatchObject({ code: 64 });
      expect(program.output()).toMatch(message);
      expect(program.output()).toContain("Try: quorumlock help");
    },
  );
});

test.for([[[]], [["help"]], [["--help"]], [["demo", "--workers", "3", "-h"]]])(
  "%j shows the help",
  async ([args = []]) => {
    const help = quorumlock(args);
    expect(await help.ended).toMatchObject({ code: 0 });
    expect(help.output()).toContain("Usage: quorumlock COMMAND");
  },
);

test("version is the package's", async () => {
  const version = quorumlock(["--version"]);
  await version.ended;
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  expect(version.output()).toBe(`${(JSON.parse(manifest) as { version: string }).version}\n`);
});
