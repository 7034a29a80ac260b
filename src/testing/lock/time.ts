import assert from "node:assert/strict";
import { LockLostError } from "../../core/error.ts";
import type { Contract } from "../contract.ts";
import { ttlMs, type LockFixture } from "./kit.ts";

/** How long a lock lasts. */
export const time: Contract<LockFixture> = [
  {
    name: "keeps a lock for as long as it is renewed, and frees it when it is not",
    async check({ manager, resource, finish, elapse }) {
      const [a, b, name] = [manager({ ttlMs }), manager(), resource()];
      const renewed = await finish(a.acquire(name));
      await elapse(3 * ttlMs);
      assert.equal(renewed.held, true);
      assert.equal(await finish(b.tryAcquire(name)), null);
      await finish(renewed.release());
      const brief = await finish(a.acquire(name, { renew: false }));
      const reasons: unknown[] = [];
      brief.signal.addEventListener("abort", () => reasons.push(brief.signal.reason));
      await elapse(ttlMs + 5);
      assert.deepEqual([brief.held, brief.remainingMs], [false, 0]);
      assert(reasons[0] instanceof LockLostError);
      assert.equal(reasons[0].reason, "expired");
      const next = await finish(b.acquire(name));
      assert.equal(await finish(brief.release()), false);
      await assert.rejects(finish(brief.extend()), LockLostError);
      await finish(next.release());
    },
  },
  {
    name: "extends a lock, and never makes it shorter",
    async check({ manager, resource, finish, elapse }) {
      const [a, name] = [manager(), resource()];
      const lock = await finish(a.acquire(name, { ttlMs, renew: false }));
      await finish(lock.extend(60_000));
      await finish(lock.extend(ttlMs));
      await elapse(ttlMs + 5);
      assert(lock.remainingMs > 50_000);
      await finish(lock.release());
      await assert.rejects(finish(lock.extend()), LockLostError);
    },
  },
];
