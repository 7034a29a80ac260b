/**
 * Goal: it is known what a database whose clock is set does: tokens grow whatever happens; a clock that is set
 * back keeps locks, one that is set forward ends them early.
 * Method: a server whose clock is in our hands.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { LockLostError, type LockManager } from "../../src/index.ts";
import { isAvailable } from "../fixture/available.ts";
import { movableClock } from "../fixture/movable-clock.ts";
import type { SqlKind } from "../fixture/sql.ts";
import { sqlKinds } from "../fixture/sql-kinds.ts";
import { managed, pooled } from "../fixture/sql-locks.ts";
import { freshName } from "../fixture/virtual.ts";

const hourUs = 3_600_000_000;

async function withClock(kind: SqlKind) {
  const { environment, set, discard } = await movableClock();
  onTestFinished(discard);
  const server = await kind.start(environment);
  onTestFinished(() => server.close());
  const pool = pooled(kind, server.url);
  await pool.migrate();
  const locks = (): LockManager => managed(pool, { waitMs: 0 });
  return { a: locks(), b: locks(), set, name: freshName() };
}

const hasCompiler = await isAvailable(
  "a C compiler, to move the clocks of databases,",
  async () => {
    const { discard } = await movableClock();
    await discard();
    return true;
  },
);

describe.skipIf(!hasCompiler).for(await sqlKinds())("%s", ([, kind]) => {
  test("a clock that is set back an hour keeps locks, and tokens grow", async () => {
    const { a, b, set, name } = await withClock(kind);
    const first = await a.acquire(name);
    set(-hourUs);
    expect(await b.tryAcquire(name)).toBeNull();
    await first.extend();
    expect(await first.release()).toBe(true);
    const second = await b.acquire(name);
    expect(second.fencingToken).toBe(first.fencingToken + 1);
    await second.extend();
    expect(await second.release()).toBe(true);
  });

  test("a clock that is set forward an hour ends locks early: the holder is told, and its token is old", async () => {
    const { a, b, set, name } = await withClock(kind);
    const first = await a.acquire(name);
    set(hourUs);
    const second = await b.acquire(name);
    // The one thing that a database's clock can break: both believe it until the first one asks.
    expect([first.held, second.held]).toEqual([true, true]);
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
    await expect(first.extend()).rejects.toThrow(LockLostError);
    expect(first.held).toBe(false);
    expect(await second.release()).toBe(true);
    set(0);
    const third = await a.acquire(name);
    expect(third.fencingToken).toBe(second.fencingToken + 1);
  });
});
