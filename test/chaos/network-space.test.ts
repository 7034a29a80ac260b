/**
 * Goal: in a network namespace of its own, a client's packets are lost in one direction or in both, without
 * a word; nothing of it is left, whatever dies; and where it cannot be had, the report says why.
 * Method: real namespaces where this machine allows them, what is said where it does not; the built command
 * with a schedule that swallows, killed, and without the programs that namespaces take.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { noSpaces } from "../../src/chaos/ability.ts";
import { NetworkSpace } from "../../src/chaos/network/network-space.ts";
import { findServer } from "../../src/masters/server-binary.ts";
import { eventually } from "../fixture/eventually.ts";
import { quorumlock } from "../fixture/program.ts";

const whyNot = await noSpaces();
const run = promisify(execFile);

/** Says `connected` and then what it hears, or `nothing` of it within its time. */
const client = `
const [port, host] = process.argv.slice(1);
const said = [];
const socket = require("net").connect(Number(port), host);
socket.on("connect", () => said.push("connected"));
socket.on("data", (text) => { said.push(String(text)); end(); });
const end = () => { console.log(said.join(" ") || "nothing"); process.exit(); };
setTimeout(end, 700);
`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "quorumlock-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The wires whose names begin like this, on this machine. */
async function wires(prefix: string): Promise<string[]> {
  return (await readdir("/sys/class/net")).filter((name) => name.startsWith(prefix));
}

/** Where it cannot be had there is nothing to be tried, but the reason has to be there. */
function cannotBeHad(): boolean {
  if (whyNot === undefined) return false;
  expect(whyNot).toMatch(/^(no network namespace: |spawn |Command |ip |iptables )/);
  return true;
}

describe("a network of one's own", () => {
  test("loses packets in either direction, and nothing is left of it when it is closed", async () => {
    if (cannotBeHad()) return;
    const own = `ql${process.pid}-`;
    const space = await NetworkSpace.open();
    onTestFinished(() => space.close());
    expect(await wires(own)).toHaveLength(1);
    const server = createServer((socket) => void socket.on("error", () => {}).write("hello"));
    server.listen(0, space.host);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const [program, ...before] = space.command;
    const hears = async (): Promise<string> => {
      const args = [...before, process.execPath, "-e", client, String(port), space.host];
      return (await run(program, args)).stdout.trim();
    };
    expect(await hears()).toBe("connected hello");
    await space.swallow("requests", port);
    expect(await hears()).toBe("nothing");
    await space.letThrough("requests", port);
    await space.swallow("replies", port);
    expect(await hears()).toBe("nothing");
    await space.letThrough("replies", port);
    expect(await hears()).toBe("connected hello");
    await space.close();
    await eventually(async () => expect(await wires(own)).toEqual([]));
  });

  test("says what a command in it could not do", async () => {
    if (cannotBeHad()) return;
    const space = await NetworkSpace.open();
    onTestFinished(() => space.close());
    await expect(space.letThrough("requests", 1)).rejects.toThrow(/^iptables .*: .+/);
  });
});

describe("packets that are swallowed", { timeout: 60_000 }, () => {
  const steps = [
    { do: "work" },
    { do: "swallow", client: "A" },
    { do: "freezeClient", client: "B" },
    { do: "wait", ms: 50_000 },
  ];

  test("leave no namespace and no wire when the harness is killed", async () => {
    const file = join(await folder(), "schedule.json");
    await writeFile(file, JSON.stringify(steps));
    const program = quorumlock(["chaos", "--scenario", "mix", "--schedule", file]);
    const own = `ql${program.process.pid}-`;
    const expected = whyNot === undefined ? 4 : 0;
    await eventually(async () => expect(await wires(own)).toHaveLength(expected));
    program.process.kill("SIGKILL");
    await program.ended;
    await eventually(async () => expect(await wires(own)).toEqual([]));
  });

  test("are kept back by the proxy without the programs for it, and the report says so", async () => {
    const programs = await folder();
    const server = await findServer();
    await symlink(server?.path ?? "", join(programs, "redis-server"));
    const given = ["--scenario", "swallowed-holder", "--system", "quorumlock"];
    const program = quorumlock(["chaos", ...given], { PATH: programs });
    const { code } = await program.ended;
    expect(code, program.output()).toBe(0);
    expect(program.output()).toMatch(/packets kept back by the proxy: .*unshare/);
  });
});
