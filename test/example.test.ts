/**
 * Goal: the examples of the README are the files in examples/, and do what they say on real servers.
 * Method: each is run as a process of its own. It has to end by itself, without a word on standard error.
 */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMasters, type Masters } from "../src/masters/masters.ts";
import { isAvailable } from "./fixture/available.ts";
import { mariadbKind } from "./fixture/mariadb-kind.ts";
import { postgresKind } from "./fixture/postgres-kind.ts";
import { node } from "./fixture/program.ts";
import type { SqlKind } from "./fixture/sql.ts";
import { findZooKeeper, startEnsemble } from "./fixture/zookeeper.ts";

const folder = new URL("../examples/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

const outputs: Record<string, RegExp> = {
  "request.ts": /^charged under the lock\n$/,
  "handle.ts": /^moved 10 under account:a, account:b, held\nthis process does it\n$/,
  "failure.ts":
    /^try later: could not acquire "file:7": held by pid \d+ .*\nimported\nfree (\S+ free(, )?){5}\n$/,
  "memory.ts": /^invoice:42 is held, exclusive\n$/,
  "postgres.ts": /^true true\n$/,
  "mysql.ts": /^true true\n$/,
  "zookeeper.ts":
    /^the first one is at work\nthen the second one\nfree, says a ZooKeeper ensemble of 3\n$/,
};

let masters: Masters;
beforeAll(async () => void (masters = await startMasters({ count: 5 })));
afterAll(() => masters.close());

test("every example is tried, and there are three or more", () => {
  expect(files.toSorted()).toEqual(Object.keys(outputs).toSorted());
  expect(files.length).toBeGreaterThanOrEqual(3);
});

test.for(files)("%s stands in the README as it is", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${text}\`\`\``);
});

/** Those that need a database get one of their own. */
const databases: Record<string, SqlKind> = {
  "postgres.ts": postgresKind(),
  "mysql.ts": mariadbKind(),
};

test.for(files.filter((name) => !(name in databases) && name !== "zookeeper.ts"))(
  "%s runs on real masters and ends by itself",
  async (name) => {
    const program = node(["--import", "tsx", `examples/${name}`], {
      QUORUMLOCK_REDIS: masters.urls.join(","),
    });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output()).toMatch(outputs[name]!);
  },
);

for (const [name, kind] of Object.entries(databases)) {
  const isInstalled = await isAvailable(kind.name, kind.find);
  test.skipIf(!isInstalled)(`${name} runs on a real ${kind.name} and ends by itself`, async () => {
    await using server = await kind.start();
    const program = node(["--import", "tsx", `examples/${name}`], { DATABASE_URL: server.url });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.output()).toMatch(outputs[name]!);
  });
}

const hasZooKeeper = await isAvailable("ZooKeeper", findZooKeeper);
test.skipIf(!hasZooKeeper)("zookeeper.ts runs on a real ensemble and ends by itself", async () => {
  await using ensemble = await startEnsemble();
  const program = node(["--import", "tsx", "examples/zookeeper.ts"], {
    QUORUMLOCK_ZOOKEEPER: ensemble.address,
  });
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.output()).toMatch(outputs["zookeeper.ts"]!);
});

test("without addresses it says what was expected", async () => {
  const program = node(["--import", "tsx", "examples/request.ts"], { QUORUMLOCK_REDIS: undefined });
  expect((await program.ended).code).toBe(1);
  expect(program.output()).toMatch(/nodes: expected at least one, got \[\]/);
});
