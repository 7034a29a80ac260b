import assert from "node:assert/strict";
import { LockLostError } from "../../core/error.ts";
import type { Contract } from "../contract.ts";
import { ttlMs, type LockFixture } from "./kit.ts";

/** Taking a lock away, and looking at it. */
export const taking: Contract<LockFixture> = [
  {
    name: "tells a holder in another manager that its lock was stolen",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager({ ttlMs }), manager(), resource()];
      let signal: AbortSignal | undefined;
      const robbed = a.request(name, (lock) => {
        signal = lock.signal;
        return new Promise<never>(() => {});
      });
      const outcome = assert.rejects(robbed, { name: "AbortError" });
      await finish(a.query());
      const stolen = b.request(name, { steal: true }, async (lock) => {
        await outcome;
        return lock.held;
      });
      assert.equal(await finish(stolen), true);
      assert(signal?.reason instanceof LockLostError);
    },
  },
  {
    name: "releases by force, and says whether anybody held it",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      assert.equal(await finish(b.forceRelease(name)), false);
      const lock = await finish(a.acquire(name));
      assert.equal(await finish(b.forceRelease(name)), true);
      const next = await finish(b.acquire(name));
      assert.equal(await finish(lock.release()), false);
      assert.equal(next.held, true);
      await finish(next.release());
    },
  },
  {
    name: "tells who holds a resource",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      assert.equal((await finish(b.inspect(name))).state, "free");
      const lock = await finish(a.acquire(name, { ttlMs: 5_000 }));
      const { state, holders, nodes } = await finish(b.inspect(name));
      assert.equal(state, "held");
      assert.deepEqual(
        holders.map(({ owner, clientId, mode }) => ({ owner, clientId, mode })),
        [{ owner: lock.owner, clientId: a.clientId, mode: "exclusive" }],
      );
      assert((holders[0]?.remainingMs ?? 0) > 2_500);
      assert(nodes.length > 0);
      await finish(lock.release());
    },
  },
  {
    name: "says what it promises, whoever holds the lock",
    async check({ manager, resource, finish }) {
      const [a, name] = [manager(), resource()];
      const free = await finish(a.inspect(name));
      const lock = await finish(a.acquire(name));
      const { promises } = await finish(a.inspect(name));
      assert.deepEqual(promises, free.promises);
      assert(promises.authority.length > 0);
      assert(promises.spareServers >= 0);
      assert.deepEqual(promises, JSON.parse(JSON.stringify(promises)), "it is plain data");
      await finish(lock.release());
    },
  },
];
