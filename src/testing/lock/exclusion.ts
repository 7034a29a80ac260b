import assert from "node:assert/strict";
import { LockHeldError } from "../../core/error.ts";
import type { LockManager } from "../../core/lock-manager.ts";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "./kit.ts";

/** Who holds a lock, and who waits for it. */
export const exclusion: Contract<LockFixture> = [
  {
    name: "gives a lock to one manager at a time",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      const lock = await finish(a.acquire(name));
      assert.equal(await finish(b.tryAcquire(name)), null);
      assert.equal(lock.held, true);
      assert.equal(await finish(lock.release()), true);
      const next = await finish(b.tryAcquire(name));
      assert(next?.held);
      await finish(next.release());
    },
  },
  {
    name: "hands a lock on to who waits for it",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      const first = await finish(a.acquire(name));
      const waiting = b.acquire(name);
      await finish(b.query());
      await finish(first.release());
      const second = await finish(waiting);
      assert.deepEqual([first.held, second.held], [false, true]);
      await finish(second.release());
    },
  },
  {
    name: "says who holds it when the wait is over",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      const lock = await finish(a.acquire(name));
      await assert.rejects(finish(b.acquire(name, { waitMs: 30 })), (error) => {
        assert(error instanceof LockHeldError);
        assert.deepEqual(error.resources, [name]);
        assert(error.waitedMs >= 30);
        const refused = error.votes.filter((vote) => vote.vote === "refused");
        assert(refused.every((vote) => vote.holder?.owner === lock.owner));
        assert(refused.length > 0);
        return true;
      });
      await finish(lock.release());
    },
  },
  {
    name: "takes several resources together, in any order, without a deadlock",
    async check({ manager, resource, finish }) {
      const [a, b] = [manager({ retryDelayMs: 10 }), manager({ retryDelayMs: 10 })];
      const [x, y] = [resource("x"), resource("y")];
      const work = async (who: LockManager, order: string[]): Promise<void> => {
        for (let i = 0; i < 5; i++) {
          await using both = await who.acquire(order);
          assert.equal(both.name, order.join(", "));
        }
      };
      await finish(Promise.all([work(a, [x, y]), work(b, [y, x])]));
      const one = await finish(a.acquire(x));
      assert.equal(await finish(b.tryAcquire([y, x])), null);
      const other = await finish(b.tryAcquire(y));
      assert(other, "nothing was kept of the try that failed");
      await finish(Promise.all([one.release(), other.release()]));
    },
  },
  {
    name: "lets no two into a critical section, however many want to",
    async check({ manager, resource, finish }) {
      const name = resource();
      let [inside, most, count] = [0, 0, 0];
      const work = async (who: LockManager): Promise<void> => {
        for (let i = 0; i < 5; i++) {
          await who.request(name, async () => {
            most = Math.max(most, ++inside);
            const before = count;
            await who.query();
            count = before + 1;
            inside--;
          });
        }
      };
      const managers = Array.from({ length: 4 }, () => manager({ retryDelayMs: 10 }));
      await finish(Promise.all(managers.flatMap((who) => [work(who), work(who)])));
      assert.deepEqual({ most, count }, { most: 1, count: 40 });
    },
  },
  {
    name: "gives back everything when a manager is closed",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      const lock = await finish(a.acquire(name));
      const pending = assert.rejects(a.acquire(name), { name: "AbortError" });
      await finish(a.close());
      await pending;
      assert.equal(lock.held, false);
      const next = await finish(b.tryAcquire(name));
      assert(next?.held);
      await assert.rejects(a.acquire(name), TypeError);
      await finish(next.release());
    },
  },
];
