import assert from "node:assert/strict";
import type { LockManager } from "../../core/lock-manager.ts";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "./kit.ts";

/** Shared and exclusive, across managers. */
export const sharing: Contract<LockFixture> = [
  {
    name: "lets shared holders in together and keeps writers out, across managers",
    async check({ manager, resource, finish }) {
      const [a, b, c, name] = [manager(), manager(), manager(), resource()];
      const one = await finish(a.acquire(name, { mode: "shared" }));
      const two = await finish(b.acquire(name, { mode: "shared" }));
      assert.equal(await finish(c.tryAcquire(name)), null);
      await finish(one.release());
      assert.equal(await finish(c.tryAcquire(name)), null);
      await finish(two.release());
      const writer = await finish(c.tryAcquire(name));
      assert(writer);
      assert.equal(await finish(a.tryAcquire(name, { mode: "shared" })), null);
      await finish(writer.release());
    },
  },
  {
    name: "lets a writer through a stream of readers that never ends",
    async check({ manager, resource, finish, sleep }) {
      const name = resource();
      let isDone = false;
      // Readers that overlap: without a rule for writers there is never a moment without a holder.
      const read = async (reader: LockManager): Promise<void> => {
        while (!isDone) {
          await reader.request(name, { mode: "shared", waitMs: Infinity }, () => sleep(10));
        }
      };
      const streams = [manager(), manager(), manager()].map(async (reader, index) => {
        await sleep(3 * index);
        await read(reader);
      });
      const writer = sleep(20).then(() =>
        manager().request(name, { retryDelayMs: 20 }, () => "wrote"),
      );
      assert.equal(await finish(writer), "wrote");
      isDone = true;
      await finish(Promise.all(streams));
    },
  },
];
