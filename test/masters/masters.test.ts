/**
 * Goal: masters are found or fetched on any machine, can be hurt and brought back, and are gone afterwards.
 * Method: every way for real, with the environment set so that the others are out of reach.
 */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cachedServer, fetchServer } from "../../src/masters/debian-server.ts";
import { startLocal, startMasters } from "../../src/masters/masters.ts";
import { findServer } from "../../src/masters/server-binary.ts";
import { eventually } from "../fixture/eventually.ts";
import { isAvailable } from "../fixture/available.ts";

const run = promisify(execFile);
const hasApt = await isAvailable("apt-get", () => run("apt-get", ["--version"]));

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "quorumlock-test-"))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, ...command: [string, ...string[]]): Promise<unknown> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  client.on("error", () => {});
  try {
    return await client.call(...command);
  } finally {
    client.disconnect();
  }
}

/** A file that calls itself a server. */
async function impostor(name: string, version: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho "${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

describe("a server is taken", () => {
  test("from $REDIS_SERVER before anything else", async () => {
    vi.stubEnv("REDIS_SERVER", await impostor("mine", "Redis server v=9.9.9 sha=0"));
    expect(await findServer()).toMatchObject({ origin: "Redis 9.9.9, from $REDIS_SERVER" });
  });

  test("not from a $REDIS_SERVER that does not start: that is an error", async () => {
    vi.stubEnv("REDIS_SERVER", join(folder, "nothing"));
    await expect(findServer()).rejects.toThrow(/nothing does not start as a Redis server/);
  });

  test("from PATH: redis-server, else valkey-server", async () => {
    vi.stubEnv("REDIS_SERVER", "");
    vi.stubEnv("PATH", folder);
    await impostor("valkey-server", "Valkey server v=8.0.1 sha=0");
    expect(await findServer()).toMatchObject({ origin: "Valkey 8.0.1, installed" });
    await impostor("redis-server", "Redis server v=7.2.4 sha=0");
    expect(await findServer()).toMatchObject({ origin: "Redis 7.2.4, installed" });
  });

  test("from the copy of an earlier run", async () => {
    vi.stubEnv("XDG_CACHE_HOME", folder);
    expect(await cachedServer()).toBeUndefined();
    await mkdir(join(folder, "quorumlock", "redis", "usr", "bin"), { recursive: true });
    await impostor("quorumlock/redis/usr/bin/redis-server", "Redis server v=7.0.15 sha=0");
    expect(await cachedServer()).toMatchObject({
      origin: `Redis 7.0.15, a copy in ${join(folder, "quorumlock", "redis")}`,
    });
  });

  test.skipIf(!hasApt)(
    "from the distribution's packages, without root and without installing them",
    async () => {
      vi.stubEnv("XDG_CACHE_HOME", folder);
      const notes = vi.spyOn(process.stderr, "write").mockReturnValue(true);
      const server = await fetchServer();
      notes.mockRestore();
      expect(server?.path).toContain(folder);
      expect(await cachedServer()).toEqual(server);
      if (server === undefined) throw new Error("no server was fetched");
      await using masters = await startLocal(server, { count: 1 });
      expect(await ask(masters.urls[0] ?? "", "EVAL", "return cjson.encode({1})", "0")).toBe("[1]");
    },
    120_000,
  );

  test("from nowhere, if there is none, which is said in one line", async () => {
    vi.stubEnv("REDIS_SERVER", "");
    vi.stubEnv("PATH", folder);
    vi.stubEnv("XDG_CACHE_HOME", folder);
    vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
    vi.doMock("testcontainers", () => ({
      getContainerRuntimeClient: () => Promise.reject(new Error("no engine")),
    }));
    await expect(startMasters({ count: 1 })).rejects.toThrow(
      /^There is no Redis to start\. Install redis-server \(Debian: apt-get install redis-server/,
    );
    vi.doUnmock("testcontainers");
  });
});

describe("masters of our own", () => {
  test("are independent, and stay under their URL when they are killed and started", async () => {
    await using masters = await startMasters({ count: 3 });
    const [first] = masters.all;
    expect(new Set(masters.urls).size).toBe(3);
    const [url = ""] = masters.urls;
    await ask(url, "SET", "k", "v");
    const pid = first?.pid;
    await first?.kill();
    await first?.kill();
    expect(first?.pid).toBeUndefined();
    await expect(ask(url, "PING")).rejects.toThrow();
    await first?.start();
    await first?.start();
    expect(first?.pid).not.toBe(pid);
    expect(await ask(url, "GET", "k"), "it kept nothing").toBe(null);
    expect(first?.url).toBe(url);
  });

  test("that are persistent know what they were told before they were killed", async () => {
    await using masters = await startMasters({ count: 1, isPersistent: true });
    const [url = ""] = masters.urls;
    await ask(url, "SET", "k", "v");
    await masters.all[0]?.kill();
    await masters.all[0]?.start();
    expect(await ask(url, "GET", "k")).toBe("v");
  });

  test("can be stopped and continued", async () => {
    await using masters = await startMasters({ count: 1 });
    const [url = ""] = masters.urls;
    await masters.all[0]?.pause();
    let isAnswered = false;
    const answer = ask(url, "PING").then((reply) => {
      isAnswered = true;
      return reply;
    });
    await ask(url.replace(/\d+$/, "1"), "PING").catch(() => {});
    expect(isAnswered).toBe(false);
    await masters.all[0]?.resume();
    expect(await answer).toBe("PONG");
  });

  test("that cannot start say why, and leave none of the others behind", async () => {
    const starting = startMasters({ count: 2, serverArguments: ["--no-such-option", "1"] });
    await expect(starting).rejects.toThrow(/ended before it was ready.*no-such-option/s);
  });

  test("are gone when they are closed, twice or once", async () => {
    const masters = await startMasters({ count: 2 });
    await Promise.all([masters.close(), masters.close()]);
    for (const url of masters.urls) {
      await eventually(() => expect(ask(url, "PING")).rejects.toThrow());
    }
  });
});

describe("masters of somebody else", () => {
  test("are used as they are, and not hurt", async () => {
    vi.stubEnv("QUORUMLOCK_REDIS", "redis://127.0.0.1:1, 127.0.0.1:2\n127.0.0.1:3");
    const masters = await startMasters({ count: 2 });
    expect(masters.urls).toEqual(["redis://127.0.0.1:1", "redis://127.0.0.1:2"]);
    const [first] = masters.all;
    expect(first?.isOurs).toBe(false);
    for (const hurt of ["kill", "pause", "resume", "start"] as const) {
      await expect(first?.[hurt]()).rejects.toThrow(/not ours/);
    }
    await masters.close();
  });

  test("have to be enough, and have to be URLs", async () => {
    vi.stubEnv("QUORUMLOCK_REDIS", "redis://a");
    await expect(startMasters({ count: 2 })).rejects.toThrow(/expected 2 addresses or more, got 1/);
    vi.stubEnv("QUORUMLOCK_REDIS", "redis://a:port");
    await expect(startMasters({ count: 1 })).rejects.toThrow(/expected URLs/);
  });
});
