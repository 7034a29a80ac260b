/**
 * Goal: any string names a resource of its own, in a database too; several are taken together or not at all,
 * and nobody ever waits for each other; tokens grow over everything.
 * Method: real servers.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SqlServer } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { managed, migrated, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

const odd = [
  ...[
    "a",
    "A",
    "a ",
    " a",
    "a\0",
    "a\0\0",
    "\0",
    "á",
    "a\u0301",
    "ａ",
    "\t",
    "'",
    '"',
    "`",
    "\\",
    "%",
  ],
  ...[
    "\ud800",
    "\udfff",
    "\udc00\ud800",
    "😀",
    "\ufffd",
    "sha256:",
    "x".repeat(255),
    "x".repeat(256),
  ],
  ...[
    "x".repeat(5_000),
    "x".repeat(5_001),
    "é".repeat(127),
    "é".repeat(128),
    "{a,b}",
    "a,b",
    "NULL",
  ],
];

describe.for(await sqlKinds())("%s", ([, kind]) => {
  let server: SqlServer;
  beforeAll(async () => {
    server = await kind.start();
    await migrated(kind, server.url);
  });
  afterAll(() => server?.close());

  test("strings that differ are resources that differ", async () => {
    const [a, b] = [1, 2].map(() => managed(pooled(kind, server.url)));
    const locks = await Promise.all(odd.map((name) => a!.acquire(name, { ttlMs: 60_000 })));
    expect(new Set(locks.map(({ owner }) => owner)).size).toBe(odd.length);
    for (const [index, name] of odd.entries()) {
      expect(await b!.tryAcquire(name)).toBeNull();
      const { holders } = await b!.inspect(name);
      expect(holders.map(({ owner }) => owner)).toEqual([locks[index]!.owner]);
    }
    for (const lock of locks) expect(await lock.release()).toBe(true);
    const all = await b!.tryAcquire(odd);
    expect(all?.resources).toEqual(odd);
    expect(await a!.tryAcquire(odd[5]!)).toBeNull();
  });

  test("many that want overlapping sets of new resources in any order all get them", async () => {
    const prefix = freshName();
    const managers = Array.from({ length: 6 }, () =>
      managed(pooled(kind, server.url, 3), { retryDelayMs: 20 }),
    );
    const tokens: number[] = [];
    const work = managers.map(async (locks, who) => {
      for (let i = 0; i < 15; i++) {
        // Each round has rows that nobody has seen yet, in an order of each one's own.
        const names = [0, 1, 2, 3].map((n) => `${prefix}-${(i >> 1) + ((n * (who + 1)) % 5)}`);
        await using lock = await locks.acquire([...new Set(names)]);
        tokens.push(lock.fencingToken);
      }
    });
    await Promise.all(work);
    expect(tokens).toHaveLength(90);
    expect(tokens.every(Number.isSafeInteger)).toBe(true);
  });

  test("tokens grow over release, expiry, theft, force and both modes", async () => {
    const locks = managed(pooled(kind, server.url));
    const [name, other] = [freshName(), freshName()];
    const tokens: number[] = [];
    const note = (token: number): void => void tokens.push(token);
    note((await locks.request(name, (lock) => lock)).fencingToken);
    const brief = await locks.acquire(name, { ttlMs: 500, renew: false });
    note(brief.fencingToken);
    note((await locks.acquire(name)).fencingToken);
    await locks.request(name, { steal: true }, (lock) => note(lock.fencingToken));
    const forced = await locks.acquire([other, name]);
    note(forced.fencingToken);
    expect(await locks.forceRelease(name)).toBe(true);
    const [one, two] = [
      await locks.acquire(name, { mode: "shared" }),
      await locks.acquire(name, { mode: "shared" }),
    ];
    note(one.fencingToken);
    note(two.fencingToken);
    await Promise.all([one.release(), two.release()]);
    const last = await locks.acquire(name);
    note(last.fencingToken);
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
    expect((await locks.inspect(name)).fencingToken).toBe(last.fencingToken);
  });
});
