import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { domException, hold, never, rejectsExactly } from "./kit.ts";

/** https://w3c.github.io/web-locks/#algorithm-abort-request */
export const webSignals: Contract<LockFixture> = [
  {
    name: "signal: ends a wait with its own reason, and takes the request from the queue",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const holder = hold(locks, name);
      for (const reason of [undefined, "my cat handled it", new Error("enough")]) {
        const controller = new AbortController();
        const { signal } = controller;
        const pending = locks.request(name, { signal }, never);
        const before = await finish(locks.query());
        assert.deepEqual([before.held.length, before.pending.length], [1, 1]);
        controller.abort(reason);
        await rejectsExactly(finish(pending), signal.reason);
        assert.equal((await finish(locks.query())).pending.length, 0);
      }
      holder.end();
      await finish(holder.done);
    },
  },
  {
    name: "signal: aborted at once after the request, the callback never runs and nothing stays behind",
    async check({ manager, resource, finish }) {
      const [locks, other, name] = [manager(), manager(), resource()];
      const controller = new AbortController();
      const pending = locks.request(name, { signal: controller.signal }, never);
      controller.abort();
      await assert.rejects(finish(pending), domException("AbortError"));
      assert.equal(await finish(locks.request(name, () => "next")), "next");
      assert.equal(await finish(other.request(name, () => "other")), "other");
    },
  },
  {
    name: "signal: lets the next request go",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const reader = hold(locks, name, { mode: "shared" });
      await finish(reader.granted);
      const controller = new AbortController();
      const writer = locks.request(name, { signal: controller.signal }, never);
      const next = hold(locks, name, { mode: "shared" });
      await finish(locks.query());
      controller.abort();
      await assert.rejects(finish(writer), domException("AbortError"));
      await finish(next.granted);
      reader.end();
      next.end();
      await finish(Promise.all([reader.done, next.done]));
    },
  },
  {
    name: "signal: has no effect once the lock is granted, nor when it is released",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      for (const abortFirst of [true, false]) {
        const controller = new AbortController();
        const holder = hold(locks, name, { signal: controller.signal });
        const lock = await finish(holder.granted);
        if (abortFirst) controller.abort();
        assert.equal(lock.held, true);
        holder.end("resolved");
        controller.abort();
        assert.equal(await finish(holder.done), "resolved");
      }
    },
  },
  {
    name: "signal: one that is never aborted changes nothing, and keeps no listener",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const { signal } = new AbortController();
      let listeners = 0;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
      signal.removeEventListener = (...args: Parameters<typeof remove>) => (
        listeners--,
        remove(...args)
      );
      for (let i = 0; i < 3; i++) await finish(locks.request(name, { signal }, () => i));
      assert.equal(listeners, 0);
    },
  },
];
