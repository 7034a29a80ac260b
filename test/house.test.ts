/**
 * Goal: the rules of the house (docs/ARCHITECTURE.md) hold, and whoever breaks one is told which and why.
 * Method: every source file is read as text. The checks are tried on planted faults first, so that they
 * cannot go blind.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Room {
  /** The rooms that it may import from, beside itself. */
  readonly rooms: readonly string[];
  /** The packages and built-in modules that it may import. */
  readonly packages: readonly string[];
  /** Whether it may touch real time, real chance and the process. */
  readonly isReal: boolean;
}

/** The table of docs/ARCHITECTURE.md. The files in src/ itself are the public subpaths: `entry`. */
const rooms: Record<string, Room> = {
  core: { rooms: [], packages: [], isReal: false },
  quorum: { rooms: ["core"], packages: ["p-limit"], isReal: false },
  redis: {
    rooms: ["core", "quorum"],
    packages: ["node:crypto", "node:process"],
    isReal: false,
  },
  memory: { rooms: ["core", "quorum"], packages: [], isReal: false },
  sql: { rooms: ["core"], packages: ["node:crypto"], isReal: false },
  postgres: { rooms: ["core", "sql"], packages: ["node:crypto"], isReal: false },
  mysql: { rooms: ["core", "sql"], packages: [], isReal: false },
  zookeeper: { rooms: ["core"], packages: ["node:crypto", "node:net"], isReal: false },
  system: { rooms: ["core"], packages: ["node:crypto", "node:os"], isReal: true },
  testing: { rooms: ["core", "quorum", "memory"], packages: ["node:assert/strict"], isReal: false },
  entry: {
    rooms: [
      ...["core", "quorum", "redis", "memory"],
      ...["sql", "postgres", "mysql", "zookeeper", "system", "testing"],
    ],
    packages: ["ioredis"],
    isReal: false,
  },
  masters: { rooms: [], packages: ["node:*", "testcontainers"], isReal: true },
  chaos: {
    rooms: ["entry", "masters", "zookeeper", "system"],
    packages: ["node:*", "ioredis"],
    isReal: true,
  },
  cli: { rooms: ["entry", "masters", "chaos"], packages: ["node:*"], isReal: true },
};

const world =
  /\b(Date\.now|new Date|performance\.|setTimeout|setInterval|Math\.random|process\.[a-z]|crypto\.)/;
const leftover = /\b(TODO|FIXME|XXX|HACK)\b|\bdebugger\b|console\.log/;
const drawer = /^(utils?|helpers?|common|misc|types|interfaces|constants)\.ts$/;
const lines = { most: 200, median: 120, width: 100 };

interface SourceFile {
  /** From src/, with slashes. */
  readonly path: string;
  readonly text: string;
}

function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "entry";
}

function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/g;
  return [...withoutComments(text).matchAll(pattern)].map(([, name = ""]) => name);
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

function isAllowed(name: string, packages: readonly string[]): boolean {
  return packages.some(
    (each) => each === name || (each.endsWith("*") && name.startsWith(each.slice(0, -1))),
  );
}

/** What is wrong with a file, one sentence each. */
function breaches({ path, text }: SourceFile): string[] {
  const name = roomOf(path);
  const room = rooms[name];
  if (room === undefined) return [`${path}: there is no room ${name}`];
  const found: string[] = [];
  for (const target of importsOf(text)) {
    if (!target.startsWith(".")) {
      if (!isAllowed(target, room.packages)) found.push(`${path}: ${name} may not use ${target}`);
      continue;
    }
    const other = roomOf(normalize(join(dirname(path), target)));
    if (other !== name && !room.rooms.includes(other)) {
      found.push(`${path}: ${name} may not import ${other}`);
    }
  }
  for (const [index, line] of withoutComments(text).split("\n").entries()) {
    if (!room.isReal && world.test(line)) {
      found.push(`${path}:${index + 1}: touches the real world; take a Clock or a Random`);
    }
  }
  for (const [index, line] of text.split("\n").entries()) {
    if (leftover.test(line)) found.push(`${path}:${index + 1}: a leftover`);
    if (line.length > lines.width + 10) found.push(`${path}:${index + 1}: a line too long`);
  }
  if (text.split("\n").length > lines.most) found.push(`${path}: more than ${lines.most} lines`);
  if (/^export default /m.test(text)) found.push(`${path}: no default exports`);
  if (/^(export )?(const )?enum /m.test(text)) found.push(`${path}: no enums`);
  const file = path.split("/").at(-1) ?? "";
  if (drawer.test(file)) found.push(`${path}: a drawer; name it for what is in it`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(file)) found.push(`${path}: names are kebab-case`);
  return found;
}

/** Files that nobody imports and that are no way in. */
function dead(files: readonly SourceFile[]): string[] {
  const wayIn = new Set([
    "cli/main.ts",
    "cli/demo/worker.ts",
    "chaos/client/client.ts",
    "chaos/picture/page/main.ts",
  ]);
  const imported = new Set(
    files.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((target) => target.startsWith("."))
        .map((target) => normalize(join(dirname(path), target))),
    ),
  );
  return files
    .map(({ path }) => path)
    .filter((path) => path.includes("/") && !wayIn.has(path) && !imported.has(path));
}

const sources: SourceFile[] = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join(root, "src", path), "utf8") }));

describe("the checks", () => {
  const planted: [string, string, RegExp][] = [
    ["core/a.ts", 'import { x } from "../quorum/x.ts";', /core may not import quorum/],
    ["core/a.ts", 'import "../redis.ts";', /core may not import entry/],
    ["core/a.ts", 'import { x } from "node:crypto";', /core may not use node:crypto/],
    ["quorum/a.ts", "const now = Date.now();", /quorum\/a\.ts:1: touches the real world/],
    ["testing/a.ts", "\nsetTimeout(f, 5);", /testing\/a\.ts:2: touches the real world/],
    ["cli/a.ts", 'import { x } from "../core/x.ts";', /cli may not import core/],
    ["masters/a.ts", 'await import("ioredis");', /masters may not use ioredis/],
    ["attic/a.ts", "", /there is no room attic/],
    ["core/a.ts", "\n".repeat(200), /more than 200 lines/],
    ["core/a.ts", "// TODO later", /a leftover/],
    ["core/a.ts", "export default 5;", /no default exports/],
    ["core/a.ts", "export enum Colour {}", /no enums/],
    ["core/utils.ts", "", /a drawer/],
    ["core/LockThing.ts", "", /kebab-case/],
  ];
  test.for(planted)("find in %s: %s", ([path, text, message]) => {
    expect(breaches({ path, text }).join("\n")).toMatch(message);
  });

  test("do not find what is allowed, nor what stands in a comment", () => {
    const text =
      '/** Not Date.now, see https://a.b */\nimport { x } from "../core/x.ts"; // setTimeout';
    expect(breaches({ path: "quorum/a.ts", text })).toEqual([]);
    expect(breaches({ path: "system/a.ts", text: "Date.now();" })).toEqual([]);
  });

  test("find a file that nobody imports", () => {
    const files = [
      { path: "index.ts", text: 'export { a } from "./core/a.ts";' },
      { path: "core/a.ts", text: "" },
      { path: "core/b.ts", text: "" },
    ];
    expect(dead(files)).toEqual(["core/b.ts"]);
  });
});

describe("the house", () => {
  test("keeps its rules in every file", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(breaches)).toEqual([]);
  });

  test("has no dead files", () => {
    expect(dead(sources)).toEqual([]);
  });

  test("keeps its files small: half of them have at most 120 lines", () => {
    const counts = sources.map(({ text }) => text.split("\n").length).toSorted((a, b) => a - b);
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(lines.median);
  });

  test("is what docs/ARCHITECTURE.md says it is", () => {
    // However wide the formatter makes its columns.
    const page = readFileSync(join(root, "docs", "ARCHITECTURE.md"), "utf8").replace(/ +/g, " ");
    for (const [name, { rooms: others, packages }] of Object.entries(rooms)) {
      const list = (names: readonly string[]): string =>
        names.length === 0 ? "nothing" : names.map((each) => `\`${each}\``).join(", ");
      expect(page).toContain(`| \`${name}\` | ${list(others)} | ${list(packages)} |`);
    }
  });

  test("lets the bench use what a user could use, and masters", () => {
    const files = readdirSync(join(root, "bench"), { recursive: true, encoding: "utf8" }).filter(
      (path) => path.endsWith(".ts") && !path.includes("node_modules"),
    );
    const targets = files.flatMap((path) =>
      importsOf(readFileSync(join(root, "bench", path), "utf8"))
        .filter((target) => target.startsWith("."))
        .map((target) => normalize(join("bench", dirname(path), target)))
        .filter((target) => !target.startsWith("bench/")),
    );
    expect(targets.length).toBeGreaterThan(1);
    const allowed = /^(dist\/[a-z]+\.js|src\/masters\/[a-z-]+\.ts)$/;
    expect(targets.filter((target) => !allowed.test(target))).toEqual([]);
  });

  test("has every folder of the source in the map of docs/ARCHITECTURE.md", () => {
    const page = readFileSync(join(root, "docs", "ARCHITECTURE.md"), "utf8");
    const folders = new Set(
      sources.map(({ path }) => dirname(path)).filter((path) => path !== "."),
    );
    for (const folder of folders) expect(page).toContain(`${relative("", folder)}/`);
  });
});
