/**
 * Goal: those who wait in several processes come in the order in which they asked, without polling, and
 * nothing that happens to one of them, to a node or to a word keeps the others out for long.
 * Method: managers with connections of their own, and processes, on real masters. Pauses are as long as
 * they may be (retryDelayMs), so that whoever gets in by asking again would be too late.
 */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { LockHeldError, type Lock, type LockManager, type LockOptions } from "../../src/index.ts";
import { useCluster } from "../fixture/cluster.ts";
import { eventually } from "../fixture/eventually.ts";
import { node, type Program } from "../fixture/program.ts";
import { queueIn, writeRecord } from "../fixture/record.ts";

const cluster = useCluster(3);
const key = "quorumlock:r";

/** Asks so seldom that nobody gets in by it within a test, and holds for longer than one. */
const patient: LockOptions = { waitMs: Infinity, retryDelayMs: 6_000, ttlMs: 60_000 };

function manager(defaults: LockOptions = {}): LockManager {
  return cluster.locks({ defaults: { ...patient, ...defaults } });
}

/** Who waits for the resource on each node, as it stands there. */
async function queues(): Promise<string[][]> {
  const texts = await Promise.all([0, 1, 2].map((index) => queueIn(cluster.client(index), key)));
  return texts.map((text) => text.match(/^[wn] \S+/gm) ?? []);
}

/** Resolves when so many wait on every node. */
function waiting(count: number, patienceMs?: number): Promise<void> {
  const check = async (): Promise<void> => {
    for (const queue of await queues()) expect(queue).toHaveLength(count);
  };
  return eventually(check, patienceMs);
}

/** For how long a process that starts is waited for. */
const startMs = 60_000;

/** Asks for it, once all who asked before stand in the queue. */
async function ask(locks: LockManager, place: number, options?: LockOptions): Promise<Asked> {
  const lock = locks.acquire("r", options);
  lock.catch(() => {});
  await waiting(place);
  return { lock };
}

/** A promise in a box, so that who awaits the asking does not await the lock. */
interface Asked {
  readonly lock: Promise<Lock>;
}

describe("managers that wait", () => {
  test("come in the order in which they asked, told by the release", async () => {
    const holder = await manager().acquire("r");
    const asked: Asked[] = [];
    for (const place of [1, 2, 3]) asked.push(await ask(manager(), place));
    const order: number[] = [];
    const all = asked.map(async ({ lock }, index) => {
      const mine = await lock;
      order.push(index);
      await mine.release();
    });
    await holder.release();
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2]);
  });

  test("are one place for a process: its turn is for all who wait in it by then, and for no others", async () => {
    const [one, other] = [manager(), manager()];
    const holder = await manager().acquire("r");
    const first = await ask(one, 1);
    const elsewhere = await ask(other, 2);
    const beside = one.acquire("r");
    await pause(20);
    expect((await queues()).map((queue) => queue.length)).toEqual([2, 2, 2]);
    const order: string[] = [];
    const named = async (name: string, lock: Promise<Lock>): Promise<void> => {
      const mine = await lock;
      order.push(name);
      if (name === "first") all.push(named("late", one.acquire("r")));
      await mine.release();
    };
    const all = [named("elsewhere", elsewhere.lock), named("beside", beside)];
    all.push(named("first", first.lock));
    await holder.release();
    for (const each of all) await each;
    expect(order).toEqual(["first", "beside", "elsewhere", "late"]);
  });

  test("are passed by no more of a process than have their turn with one that waits longer", async () => {
    const [one, other] = [manager(), manager()];
    const holder = await manager().acquire("r");
    const order: string[] = [];
    const tokens: number[] = [];
    const asked: Promise<void>[] = [];
    const ask = (locks: LockManager, name: string, count: number): void => {
      for (let i = 0; i < count; i++) {
        const asking = locks.request("r", ({ fencingToken }) => {
          order.push(name);
          tokens.push(fencingToken);
        });
        asked.push(asking);
      }
    };
    ask(one, "before", 20);
    await waiting(1);
    ask(other, "other", 1);
    await waiting(2);
    ask(one, "behind", 20);
    await pause(5);
    const before = await calls();
    await holder.release();
    await Promise.all(asked);
    expect(order.indexOf("other")).toBeGreaterThanOrEqual(20);
    expect(order.indexOf("other"), "after two turns of 16").toBeLessThanOrEqual(32);
    expect(
      tokens.toSorted((a, b) => a - b),
      "tokens grow from grant to grant",
    ).toEqual(tokens);
    // Two for each of four turns on each node, and now and then one that was too early.
    expect((await calls()) - before).toBeLessThan(2 * 4 * 3 * 2);
  });

  test("let shared ones in together, but not past one who wants to be alone", async () => {
    const holder = await manager().acquire("r");
    const readers = [await ask(manager(), 1, shared), await ask(manager(), 2, shared)];
    const writer = await ask(manager(), 3);
    const late = await ask(manager(), 4, shared);
    await holder.release();
    const [a, b] = await Promise.all(readers.map(({ lock }) => lock));
    expect([a?.held, b?.held]).toEqual([true, true]);
    const order: string[] = [];
    const both = [
      writer.lock.then(async (lock) => {
        order.push("writer");
        await lock.release();
      }),
      late.lock.then(() => void order.push("late")),
    ];
    await a?.release();
    expect(order).toEqual([]);
    await b?.release();
    await Promise.all(both);
    expect(order).toEqual(["writer", "late"]);
  });

  test("keep out who does not wait, and not who races", async () => {
    for (const index of [0, 1, 2]) await ghost(index, 0, "ghost");
    expect(await manager().tryAcquire("r")).toBeNull();
    expect((await manager({ fair: false }).tryAcquire("r"))?.held).toBe(true);
  });
});

/** Somebody who listens on a node, stands in its queue, and does not come when told. */
async function ghost(index: number, since: number, name: string): Promise<void> {
  const ear = cluster.client(index).duplicate();
  onTestFinished(() => ear.disconnect());
  await ear.subscribe(`quorumlock:wake:${name}`);
  const line = `w ${name} ${Date.now()} 60000 x ${since} quorumlock:wake:${name}`;
  await writeRecord(cluster.client(index), key, { queue: [line] });
}

const shared: LockOptions = { mode: "shared" };

/** How many scripts all nodes together have run. */
async function calls(): Promise<number> {
  const texts = await Promise.all([0, 1, 2].map((i) => cluster.client(i).info("commandstats")));
  return texts
    .map((text) => Number(/cmdstat_evalsha:calls=(\d+)/.exec(text)?.[1] ?? 0))
    .reduce((sum, count) => sum + count, 0);
}

describe("one who waits and", () => {
  function waitingProcess(): Program {
    return node(["test/fixture/waiting-process.mjs", "r", ...cluster.urls()]);
  }

  test("is killed costs the next one nothing", { timeout: 2 * startMs }, async () => {
    const holder = await manager().acquire("r");
    const dead = waitingProcess();
    await waiting(1, startMs);
    const next = await ask(manager(), 2);
    dead.process.kill("SIGKILL");
    await dead.ended;
    await holder.release();
    await (await next.lock).release();
  });

  test(
    "is stopped has its turn, then the others have theirs",
    { timeout: 2 * startMs },
    async () => {
      const holder = await manager().acquire("r");
      const stopped = waitingProcess();
      await waiting(1, startMs);
      const next = await ask(manager({ retryDelayMs: 20 }), 2);
      stopped.process.kill("SIGSTOP");
      onTestFinished(() => void stopped.process.kill("SIGCONT"));
      await holder.release();
      const lock = await next.lock;
      stopped.process.kill("SIGCONT");
      await waiting(1);
      await lock.release();
      await stopped.wrote(/^mine \d+/m);
    },
  );

  test("gives up makes room, and the next one is told", async () => {
    const holder = await manager({ mode: "shared" }).acquire("r");
    const controller = new AbortController();
    const locks = manager();
    const leaving = locks.acquire("r", { signal: controller.signal });
    leaving.catch(() => {});
    await waiting(1);
    const reader = await ask(manager(), 2, shared);
    controller.abort();
    await expect(leaving).rejects.toThrow("aborted");
    const lock = await reader.lock;
    await Promise.all([lock.release(), holder.release()]);
  });

  test("whose time is over leaves nothing behind", async () => {
    const holder = await manager().acquire("r");
    await expect(manager().acquire("r", { waitMs: 300 })).rejects.toThrow(LockHeldError);
    await waiting(0);
    await holder.release();
  });

  test("loses its connections to listen on is told again when they are back", async () => {
    const holder = await manager().acquire("r");
    const { lock } = await ask(manager(), 1);
    for (const index of [0, 1, 2]) {
      await cluster.client(index).call("CLIENT", "KILL", "TYPE", "pubsub");
    }
    await eventually(async () => {
      const list = [0, 1, 2].map((i) => cluster.client(i).call("CLIENT", "LIST", "TYPE", "pubsub"));
      for (const text of await Promise.all(list)) expect(String(text)).toMatch(/sub=1/);
    });
    await holder.release();
    await (await lock).release();
  });
});

describe("a queue", () => {
  test("that a node has lost is still one on the others", async () => {
    const holder = await manager().acquire("r");
    const asked = [await ask(manager(), 1), await ask(manager(), 2)];
    await cluster.client(0).del(key);
    await holder.release();
    const [first, second] = asked;
    const lock = await first!.lock;
    await lock.release();
    await (await second!.lock).release();
  });

  test("of the dead keeps nobody out", async () => {
    const now = Date.now();
    for (const index of [0, 1, 2]) {
      const queue = [1, 2, 3].map((i) => `w dead${i} ${now} 60000 x ${i} quorumlock:wake:dead`);
      await writeRecord(cluster.client(index), key, { queue });
    }
    expect((await manager().tryAcquire("r"))?.held).toBe(true);
  });

  test("of one that comes behind thousands of readers, whose fields all get other names", async () => {
    const endsIn = 60_000;
    const reader = (i: number) => [`s reader.${i}`, `${Date.now()} ${endsIn} 1 7 host`] as const;
    const holders = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => reader(i)));
    for (const index of [0, 1, 2]) await writeRecord(cluster.client(index), key, { holders });
    const { lock } = await ask(manager({ waitMs: 3_000 }), 1);
    const fields = await cluster.client(0).hkeys(key);
    expect(fields.filter((field) => field.startsWith("S reader."))).toHaveLength(9_000);
    await expect(lock).rejects.toThrow(LockHeldError);
  });

  test("in another order on every node delays, and does not stall", async () => {
    for (const index of [0, 1, 2]) await ghost(index, index, `ghost${index}`);
    const lock = await manager({ retryDelayMs: 20 }).acquire("r", { waitMs: 10_000 });
    await lock.release();
  });

  test("without those whom the servers do not let listen: they poll", async () => {
    const may =
      "+info +evalsha +eval +script|load +get +set +hgetall +hset +hdel +del +time +pttl +pexpireat +hello";
    for (const index of [0, 1, 2]) {
      const rules = ["on", "nopass", "~quorumlock:*", "-@all", ...may.split(" ")];
      await cluster.client(index).acl("SETUSER", "deaf", ...rules);
    }
    const nodes = cluster.urls().map((url) => url.replace("://", "://deaf:x@"));
    const deaf = cluster.locks({ nodes, defaults: { waitMs: Infinity, retryDelayMs: 20 } });
    const holder = await manager().acquire("r");
    const asked = deaf.acquire("r");
    await pause(50);
    expect(await queues()).toEqual([[], [], []]);
    await holder.release();
    await (await asked).release();
  });

  test("goes on when its holder's time is over, though nobody tells", async () => {
    await manager({ renew: false, ttlMs: 400 }).acquire("r");
    const lock = await manager().acquire("r", { waitMs: 5_000 });
    await lock.release();
  });
});
