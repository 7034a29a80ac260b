import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import type { LockFixture } from "../lock/kit.ts";
import { hold } from "./kit.ts";

/** https://w3c.github.io/web-locks/#algorithm-snapshot-state */
export const webQuerying: Contract<LockFixture> = [
  {
    name: "query: has two empty arrays when nothing is held or waits",
    async check({ manager, finish }) {
      assert.deepEqual(await finish(manager().query()), { held: [], pending: [] });
    },
  },
  {
    name: "query: shows name, mode and client of what is held and what waits, in their order",
    async check({ manager, resource, finish }) {
      const [locks, other] = [manager(), manager()];
      const [a, b] = [resource("a"), resource("b")];
      const held = [
        hold(locks, a, { mode: "shared" }),
        hold(locks, a, { mode: "shared" }),
        hold(locks, b),
      ];
      const waiting = [hold(locks, a), hold(locks, a, { mode: "shared" }), hold(locks, b)];
      const { clientId } = locks;
      assert.deepEqual(await finish(locks.query()), {
        held: [
          { name: a, mode: "shared", clientId },
          { name: a, mode: "shared", clientId },
          { name: b, mode: "exclusive", clientId },
        ],
        pending: [
          { name: a, mode: "exclusive", clientId },
          { name: a, mode: "shared", clientId },
          { name: b, mode: "exclusive", clientId },
        ],
      });
      assert.deepEqual(await finish(other.query()), { held: [], pending: [] });
      assert.notEqual(other.clientId, clientId);
      for (const each of [...held, ...waiting]) each.end();
      await finish(Promise.all([...held, ...waiting].map(({ done }) => done)));
      assert.deepEqual(await finish(locks.query()), { held: [], pending: [] });
    },
  },
  {
    name: "query: shows a request that waits for another manager as pending",
    async check({ manager, resource, finish }) {
      const [a, b, name] = [manager(), manager(), resource()];
      const holder = hold(a, name);
      await finish(holder.granted);
      const waiting = hold(b, name);
      const { held, pending } = await finish(b.query());
      assert.deepEqual([held.length, pending.length], [0, 1]);
      holder.end();
      await finish(waiting.granted);
      waiting.end();
      await finish(waiting.done);
    },
  },
  {
    name: "query: a snapshot does not change afterwards",
    async check({ manager, resource, finish }) {
      const [locks, name] = [manager(), resource()];
      const holder = hold(locks, name);
      const snapshot = await finish(locks.query());
      holder.end();
      await finish(holder.done);
      assert.equal(snapshot.held.length, 1);
    },
  },
];
