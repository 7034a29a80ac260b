import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { claim, granted, refused, ttlMs, type NodeSubject } from "./kit.ts";

/** Several resources in one claim. */
export const severalResources: Contract<NodeSubject> = [
  {
    name: "grants several resources together or not at all",
    async check({ node, ask, resource }) {
      const [a, b, c] = [resource("a"), resource("b"), resource("c")];
      const holder = claim(b);
      await granted(ask.acquire(holder, ttlMs));
      const { resource: which } = await refused(ask.acquire(claim([a, b, c]), ttlMs), "held");
      assert.equal(which, b);
      await granted(node.release(holder, 0));
      const all = claim([a, b, c]);
      await granted(ask.acquire(all, ttlMs));
      await refused(ask.acquire(claim(c), ttlMs), "held");
      await granted(ask.extend(all, ttlMs));
      await granted(node.release(all, 0));
      await granted(ask.acquire(claim([c, a]), ttlMs));
    },
  },
  {
    name: "does not extend several resources when one of them is gone",
    async check({ node, ask, resource }) {
      const [a, b] = [resource("a"), resource("b")];
      const both = claim([a, b]);
      await granted(ask.acquire(both, ttlMs));
      await granted(node.forceRelease(b, [both.owner]));
      const { resource: which } = await refused(ask.extend(both, ttlMs), "broken");
      assert.equal(which, b);
      await refused(ask.acquire(claim(a), ttlMs), "held");
      await refused(node.release(both, 0), "broken");
      await granted(ask.acquire(claim(a), ttlMs));
    },
  },
];
