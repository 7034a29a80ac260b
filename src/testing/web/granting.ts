import assert from "node:assert/strict";
import type { Mode } from "../../core/claim.ts";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { hold } from "./kit.ts";

/** https://w3c.github.io/web-locks/#algorithm-process-request, and when a request is grantable. */
export const webGranting: Contract<LockFixture> = [
  {
    name: "exclusive requests for one name are granted one by one, in their order",
    async check({ manager, resource, finish, sleep }) {
      const [locks, name] = [manager(), resource()];
      const order: string[] = [];
      const work = (label: string) => async (): Promise<void> => {
        order.push(`${label} begins`);
        await sleep(1);
        order.push(`${label} ends`);
      };
      await finish(Promise.all(["a", "b", "c"].map((label) => locks.request(name, work(label)))));
      assert.deepEqual(
        order,
        ["a", "b", "c"].flatMap((label) => [`${label} begins`, `${label} ends`]),
      );
    },
  },
  {
    name: "requests for different names are granted in the order in which they were made",
    async check({ manager, resource, finish }) {
      const locks = manager();
      const [a, b, c] = [resource("a"), resource("b"), resource("c")];
      const granted: number[] = [];
      const requests = [a, b, c, a, b, c].map((name, index) =>
        locks.request(name, { mode: "shared" }, () => void granted.push(index)),
      );
      await finish(Promise.all(requests));
      assert.deepEqual(granted, [0, 1, 2, 3, 4, 5]);
    },
  },
  {
    name: "shared requests are granted together, and an exclusive one waits for all of them",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const readers = [1, 2, 3].map(() => hold(locks, name, { mode: "shared" }));
      await finish(Promise.all(readers.map(({ granted }) => granted)));
      const order: string[] = [];
      const writer = locks.request(name, () => void order.push("writer"));
      for (const reader of readers) {
        await finish(locks.query());
        assert.deepEqual(order, []);
        reader.end();
        await finish(reader.done);
      }
      await finish(writer);
      assert.deepEqual(order, ["writer"]);
    },
  },
  {
    name: "a shared request behind a waiting exclusive one waits too",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const reader = hold(locks, name, { mode: "shared" });
      await finish(reader.granted);
      const order: Mode[] = [];
      const note = (lock: { mode: Mode }): void => void order.push(lock.mode);
      const later = Promise.all([
        locks.request(name, note),
        locks.request(name, { mode: "shared" }, note),
      ]);
      const { held, pending } = await finish(locks.query());
      assert.deepEqual([held.length, pending.length], [1, 2]);
      reader.end();
      await finish(later);
      assert.deepEqual(order, ["exclusive", "shared"]);
    },
  },
  {
    name: "when an exclusive lock is released, all shared requests behind it are granted",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const writer = hold(locks, name);
      const readers = [1, 2, 3, 4, 5].map(() => hold(locks, name, { mode: "shared" }));
      const before = await finish(locks.query());
      assert.deepEqual([before.held.length, before.pending.length], [1, 5]);
      writer.end();
      await finish(writer.done);
      const after = await finish(locks.query());
      assert.deepEqual([after.held.length, after.pending.length], [5, 0]);
      for (const reader of readers) reader.end();
      await finish(Promise.all(readers.map(({ done }) => done)));
    },
  },
  {
    name: "an exclusive request between shared ones parts them",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const shared = { mode: "shared" } as const;
      const first = [hold(locks, name, shared), hold(locks, name, shared)];
      const writer = hold(locks, name);
      const second = [hold(locks, name, shared), hold(locks, name, shared)];
      for (const [group, modes] of [
        [first, ["shared", "shared"]],
        [[writer], ["exclusive"]],
        [second, ["shared", "shared"]],
      ] as const) {
        const { held } = await finish(locks.query());
        assert.deepEqual(
          held.map(({ mode }) => mode),
          modes,
        );
        for (const each of group) each.end();
        await finish(Promise.all(group.map(({ done }) => done)));
      }
    },
  },
  {
    name: "locks are not reentrant, and other names do not matter",
    async check({ manager, resource, finish }) {
      const [locks, name, other] = [manager(), resource(), resource()];
      const order: string[] = [];
      let again: Promise<unknown> | undefined;
      const outer = locks.request(name, async () => {
        again = locks.request(name, () => void order.push("again"));
        await locks.request(other, () => void order.push("other"));
        order.push("outer");
      });
      await finish(outer);
      await finish(Promise.resolve(again));
      assert.deepEqual(order, ["other", "outer", "again"]);
    },
  },
];
