import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { hold, never } from "./kit.ts";

/** https://w3c.github.io/web-locks/#algorithm-request-lock, where ifAvailable is true. */
export const webIfAvailable: Contract<LockFixture> = [
  {
    name: "ifAvailable: gets the lock when it is free",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const held = locks.request(name, { ifAvailable: true }, (lock) => lock?.held);
      assert.equal(await finish(held), true);
    },
  },
  {
    name: "ifAvailable: gets null when the modes do not go together, else the lock",
    async check({ manager, resource, finish }) {
      const [locks, other] = [manager(), manager()];
      for (const outer of ["exclusive", "shared"] as const) {
        for (const inner of ["exclusive", "shared"] as const) {
          for (const asker of [locks, other]) {
            const name = resource();
            const holder = hold(locks, name, { mode: outer });
            await finish(holder.granted);
            const got = asker.request(
              name,
              { mode: inner, ifAvailable: true },
              (lock) => lock?.mode,
            );
            const expected = outer === "shared" && inner === "shared" ? "shared" : undefined;
            assert.equal(await finish(got), expected);
            holder.end();
            await finish(holder.done);
          }
        }
      }
    },
  },
  {
    name: "ifAvailable: gets null behind a request that waits, whatever its mode",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const reader = hold(locks, name, { mode: "shared" });
      const writer = hold(locks, name);
      const options = { mode: "shared", ifAvailable: true } as const;
      assert.equal(await finish(locks.request(name, options, (lock) => lock)), null);
      reader.end();
      writer.end();
      await finish(Promise.all([reader.done, writer.done]));
    },
  },
  {
    name: "ifAvailable: what the callback makes of null is the result, an error as well",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const holder = hold(locks, name);
      await finish(holder.granted);
      const options = { ifAvailable: true };
      assert.equal(await finish(locks.request(name, options, () => 123)), 123);
      await assert.rejects(finish(locks.request(name, options, never)), /not to be called/);
      holder.end();
      await finish(holder.done);
    },
  },
  {
    name: "ifAvailable: a lock that was released is free again at once",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      for (let i = 0; i < 10; i++) {
        await finish(locks.request(name, () => i));
        const held = locks.request(name, { ifAvailable: true }, (lock) => lock?.held);
        assert.equal(await finish(held), true);
      }
    },
  },
];
