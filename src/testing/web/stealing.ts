import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { domException, hold } from "./kit.ts";

/** https://w3c.github.io/web-locks/#algorithm-request-lock, where steal is true. */
export const webStealing: Contract<LockFixture> = [
  {
    name: "steal: gets what is free",
    async check({ manager, resource, finish }) {
      const held = manager().request(resource(), { steal: true }, (lock) => lock?.held);
      assert.equal(await finish(held), true);
    },
  },
  {
    name: "steal: breaks every holder, at once and before the thief's callback runs",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const readers = [1, 2].map(() => hold(locks, name, { mode: "shared" }));
      const robbed = await finish(Promise.all(readers.map(({ granted }) => granted)));
      const signals = robbed.map((lock) => lock.signal);
      const seen = locks.request(name, { steal: true }, () =>
        robbed.map((lock, index) => [lock.held, signals[index]?.aborted]),
      );
      assert.deepEqual(await finish(seen), [
        [false, true],
        [false, true],
      ]);
      for (const { done } of readers) {
        await assert.rejects(finish(done), domException("AbortError"));
      }
    },
  },
  {
    name: "steal: breaks a holder that asked just before, and is granted all the same",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const first = hold(locks, name);
      const outcome = assert.rejects(first.done, domException("AbortError"));
      assert.equal(await finish(locks.request(name, { steal: true }, () => "stolen")), "stolen");
      await finish(outcome);
      assert.equal((await first.granted).held, false, "it had been granted before");
    },
  },
  {
    name: "steal: goes before what is queued, which is granted afterwards, in its order",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const order: string[] = [];
      const first = hold(locks, name);
      await finish(first.granted);
      const queued = ["a", "b"].map((label) => locks.request(name, () => void order.push(label)));
      const thief = locks.request(name, { steal: true }, () => void order.push("thief"));
      await finish(Promise.all([thief, ...queued]));
      assert.deepEqual(order, ["thief", "a", "b"]);
    },
  },
  {
    name: "steal: the last one wins",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const first = hold(locks, name);
      const second = hold(locks, name, { steal: true });
      const third = hold(locks, name, { steal: true });
      await finish(third.granted);
      for (const { done } of [first, second]) {
        await assert.rejects(finish(done), domException("AbortError"));
      }
      third.end("won");
      assert.equal(await finish(third.done), "won");
    },
  },
  {
    name: "steal: what a robbed callback does afterwards has no effect",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const [a, b] = [hold(locks, name), hold(locks, resource())];
      await finish(Promise.all([a.granted, b.granted]));
      const thief = hold(locks, name, { steal: true });
      await finish(thief.granted);
      a.fail(new Error("nobody hears this"));
      b.end();
      await finish(b.done);
      await assert.rejects(a.done, domException("AbortError"));
      assert.equal((await thief.granted).held, true);
      thief.end();
      await finish(thief.done);
    },
  },
  {
    name: "steal: of one resource breaks the whole lock of several",
    async check({ manager, resource, finish }) {
      const [locks, other, x, y] = [manager(), manager(), resource("x"), resource("y")];
      const both = await finish(locks.acquire([x, y]));
      assert.equal(await finish(locks.request(x, { steal: true }, () => both.held)), false);
      const next = await finish(other.acquire([x, y]));
      assert.equal(next.held, true);
      await finish(next.release());
    },
  },
];
