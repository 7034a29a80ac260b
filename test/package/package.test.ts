/**
 * Goal: what is published can be used: from ES modules and with require(), on every Node that is
 * supported, with every ioredis that is supported, with types that old and new compilers understand.
 * Method: the package is packed and installed in a project of its own, as a user would.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMasters } from "../../src/masters/masters.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
let tarball: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quorumlock-package-"));
  const args = ["pack", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: root });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [
    { filename: string; files: { path: string }[] },
  ];
  tarball = join(folder, packed.filename);
  files = packed.files.map(({ path }) => path);
  const manifest = {
    private: true,
    dependencies: {
      quorumlock: `file:${tarball}`,
      ioredis: "6.0.0",
      "ioredis-5": "npm:ioredis@5.11.1",
      "ioredis-5-first": "npm:ioredis@5.4.0",
      "typescript-7": "npm:typescript@7.0.2",
      "typescript-5": "npm:typescript@5.9.3",
      "@types/node": "^20",
      "@types/pg": "8.23.1",
      pg: "8.23.1",
      mysql2: "3.24.6",
    },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command in the user's project; what it says is part of the error if it fails. */
async function use(command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run(command, args, { cwd: folder });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
  }
}

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

describe("the package", () => {
  test("holds what was built and what has to be read, and nothing else", () => {
    const others = files.filter((path) => !/^dist\/.*\.(js|d\.ts)$/.test(path));
    expect(others.toSorted()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    expect(files).toContain("dist/index.js");
  });

  test("is what publint and are-the-types-wrong want", async () => {
    const bin = join(root, "node_modules", ".bin");
    await use(join(bin, "publint"), "run", tarball, "--strict");
    await use(join(bin, "attw"), tarball, "--profile", "esm-only");
  });

  test("brings one package with it", async () => {
    const text = await readFile(join(folder, "node_modules", "quorumlock", "package.json"), "utf8");
    const { dependencies } = JSON.parse(text) as { dependencies: object };
    expect(Object.keys(dependencies)).toEqual(["p-limit"]);
  });

  test("has a command", async () => {
    expect(await use("npx", "quorumlock", "--help")).toContain("Usage: quorumlock COMMAND");
  });
});

const takesALock = `
const locks = new LockManager(memoryQuorum(3));
locks.request("r", (lock) => lock.held).then((held) => locks.close().then(() => console.log(held)));
`;

describe.for([["20"], ["22"], ["24"]])("on Node %s", ([version = ""]) => {
  const node = (file: string): Promise<string> =>
    use("npm", "exec", "--yes", `--package=node@${version}`, "--", "node", file);

  test("it can be imported", async () => {
    const file = await write(
      `import-${version}.mjs`,
      `import { LockManager } from "quorumlock";
import { memoryQuorum } from "quorumlock/memory";
import { redisQuorum } from "quorumlock/redis";
import { zookeeperBackend } from "quorumlock/zookeeper";
import { lockContract } from "quorumlock/testing";
import { postgresBackend } from "quorumlock/postgres";
import { mysqlBackend } from "quorumlock/mysql";
if (postgresBackend.length === 0 || mysqlBackend.length === 0) throw new Error("not there");
if (redisQuorum.length === 0 || lockContract.length === 0) throw new Error("not there");
if (zookeeperBackend("a:1").promises.fairness !== "queue") throw new Error("not there");
if (!process.version.startsWith("v${version}.")) throw new Error(process.version);
${takesALock}`,
    );
    expect(await node(file)).toBe("true\n");
  });

  test("it can be required", async () => {
    const file = await write(
      `require-${version}.cjs`,
      `const { LockManager } = require("quorumlock");
const { memoryQuorum } = require("quorumlock/memory");
const { redisQuorum } = require("quorumlock/redis");
const { zookeeperBackend } = require("quorumlock/zookeeper");
const testing = require("quorumlock/testing");
require("quorumlock/postgres").postgresBackend.call;
require("quorumlock/mysql").mysqlBackend.call;
const { version } = require("quorumlock/package.json");
if (typeof redisQuorum !== "function" || typeof zookeeperBackend !== "function" || !version || !testing.lockContract) throw new Error();
${takesALock}`,
    );
    expect(await node(file)).toBe("true\n");
  });
});

describe.for([["ioredis"], ["ioredis-5"], ["ioredis-5-first"]])("with %s", ([client = ""]) => {
  test("it takes locks on real masters through clients of that version", async () => {
    await using masters = await startMasters({ count: 3 });
    const file = await write(
      `${client}.mjs`,
      `import { Redis } from "${client}";
import { LockManager } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";
const urls = ${JSON.stringify(masters.urls)};
const clients = urls.map((url) => new Redis(url, { lazyConnect: true }));
await using_(new LockManager(redisQuorum(clients)));
async function using_(locks) {
  const held = await locks.request("r", async (lock) => {
    await lock.extend();
    const { state } = await locks.inspect("r");
    return state;
  });
  console.log(held);
  await locks.close();
}
`,
    );
    expect(await use(process.execPath, file)).toBe("held\n");
  });
});

describe.for([["typescript-5"], ["typescript-7"]])("with %s", ([compiler = ""]) => {
  test("its types say what it is", async () => {
    const file = await write(
      `${compiler}.mts`,
      `import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis-5";
import { LockHeldError, LockManager, QuorumError, type Lock, type Vote } from "quorumlock";
import { redisQuorum } from "quorumlock/redis";
import { memoryQuorum } from "quorumlock/memory";
import { createPool as createCallbackPool } from "mysql2";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { mysqlBackend } from "quorumlock/mysql";
import { postgresBackend } from "quorumlock/postgres";
import { zookeeperBackend } from "quorumlock/zookeeper";

new LockManager(postgresBackend(new Pool()));
new LockManager(mysqlBackend(createPool("mysql://a")));
new LockManager(mysqlBackend(createCallbackPool("mysql://a")));
const clients = [new Redis(), new Redis5(), "redis://a", { host: "b", password: undefined }];
const locks = new LockManager(redisQuorum(clients, { keyPrefix: "p:" }), { ttlMs: 5_000 });
new LockManager(memoryQuorum());
new LockManager(zookeeperBackend("a:2181/locks", { auth: [{ scheme: "digest", auth: "u:p" }] }));
const n: number = await locks.request("r", async (lock: Lock) => lock.remainingMs);
const s: string = await locks.request("r", { ifAvailable: true }, (lock: Lock | null) => "x");
await using lock = await locks.acquire(["a", "b"], { signal: AbortSignal.timeout(5) });
const maybe: Lock | null = await locks.tryAcquire("r", { mode: "shared" });
try {
  await lock.extend();
} catch (error) {
  if (error instanceof QuorumError) {
    const votes: readonly Vote[] = error.votes;
    const code: "NO_QUORUM" = error.code;
    console.log(votes, code);
  } else if (error instanceof LockHeldError) console.log(error.waitedMs);
}
// @ts-expect-error without a wait there is nothing to say about it
await locks.tryAcquire("r", { waitMs: 5 });
// @ts-expect-error the callback may get null
await locks.request("r", { ifAvailable: true }, (lock: Lock) => 1);
// @ts-expect-error there is no such option
await locks.acquire("r", { ttl: 5 });
console.log(n, s, maybe);
`,
    );
    const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--types", "node"];
    const target = ["--module", "nodenext", "--target", "es2023"];
    const lib = ["--lib", "es2023,esnext.disposable"];
    const tsc = join("node_modules", compiler, "bin", "tsc");
    await use(process.execPath, tsc, ...flags, ...target, ...lib, file);
  });
});
