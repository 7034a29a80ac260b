import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { hold, rejectsExactly } from "./kit.ts";

/** https://w3c.github.io/web-locks/#concept-lock: the waiting promise and the released promise. */
export const webResults: Contract<LockFixture> = [
  {
    name: "the callback gets a lock with the name and the mode that were asked for, and not at once",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      for (const mode of ["exclusive", "shared"] as const) {
        let isCalled = false;
        const promise = locks.request(name, { mode }, (lock) => {
          isCalled = true;
          return [lock.name, lock.mode];
        });
        assert.equal(isCalled, false);
        assert.strictEqual(Promise.resolve(promise), promise);
        assert.deepEqual(await finish(promise), [name, mode]);
      }
    },
  },
  {
    name: "a value, a promise or a thenable that the callback returns is the result",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const thenable = { then: (resolve: (value: string) => void) => resolve("thenable") };
      assert.equal(await finish(locks.request(name, () => 123)), 123);
      assert.equal(await finish(locks.request(name, () => Promise.resolve("promise"))), "promise");
      assert.equal(
        await finish(locks.request(name, () => thenable as PromiseLike<string>)),
        "thenable",
      );
      assert.equal(await finish(locks.request(name, () => undefined)), undefined);
    },
  },
  {
    name: "what the callback throws passes through untouched, now or later",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      let isInvoked = false;
      const thenable = { then: () => void (isInvoked = true) };
      for (const error of [new Error("mine"), { name: "test" }, "text", undefined, thenable]) {
        await rejectsExactly(
          finish(
            locks.request(name, () => {
              throw error;
            }),
          ),
          error,
        );
        await rejectsExactly(
          finish(
            locks.request(name, async () => {
              await locks.query();
              throw error;
            }),
          ),
          error,
        );
      }
      assert.equal(isInvoked, false, "a thenable that is thrown is not followed");
    },
  },
  {
    name: "the lock is held until the promise of the callback settles, and released before the result",
    async check({ manager, resource, finish }) {
      const [locks, other, name] = [manager(), manager(), resource()];
      for (const how of ["end", "fail"] as const) {
        const holder = hold(locks, name);
        const lock = await finish(holder.granted);
        assert.equal(await finish(other.tryAcquire(name)), null);
        assert.equal(lock.held, true);
        holder[how]("the outcome");
        const outcome = await finish(Promise.allSettled([holder.done]));
        assert.deepEqual(
          outcome.map((each) => ("value" in each ? each.value : each.reason) as unknown),
          ["the outcome"],
        );
        assert.equal(lock.held, false);
        const next = await finish(other.tryAcquire(name));
        assert(next?.held);
        await finish(next.release());
      }
    },
  },
  {
    name: "the next request is granted after the promise settled, also when it rejected",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      for (const how of ["end", "fail"] as const) {
        const order: string[] = [];
        const first = hold(locks, name);
        await finish(first.granted);
        const second = locks.request(name, () => void order.push("second"));
        await finish(locks.query());
        order.push("first");
        first[how](undefined);
        await finish(second);
        assert.deepEqual(order, ["first", "second"]);
      }
    },
  },
  {
    name: "names are strings of any kind, the empty one and lone surrogates included",
    async check({ manager, finish }) {
      const locks = manager();
      const names = ["", "abc\0def", "\uD800", "\uDC00", "\uDC00\uD800", "\uFFFF", "a, b", " "];
      for (const name of names) {
        assert.equal(await finish(locks.request(name, (lock) => lock.name)), name);
      }
      const inner = locks.request("\uD800", () => locks.request("\uFFFD", (lock) => lock.name));
      assert.equal(await finish(inner), "\uFFFD", "they are not mangled to one and the same");
    },
  },
];
