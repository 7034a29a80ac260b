import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, type NodeFixture } from "./kit.ts";

/** One holder, and who else comes. */
export const oneHolder: Contract<NodeFixture> = [
  {
    name: "grants what is free, and refuses it to others, saying who holds it and for how long",
    async check({ node, resource }) {
      const first = claim(resource());
      await granted(node.acquire(first, ttlMs));
      const {
        holder,
        freeInMs,
        resource: which,
      } = await refused(node.acquire(claim(first.resources[0] ?? ""), ttlMs), "held");
      const { owner, mode, clientId } = first;
      assert.deepEqual(holder, { owner, mode, clientId, host: "a host", pid: 42 });
      assert(freeInMs !== undefined && freeInMs > ttlMs / 2 && freeInMs <= ttlMs);
      assert.equal(which, first.resources[0]);
    },
  },
  {
    name: "takes an acquire that comes twice for the same",
    async check({ node, resource }) {
      const first = claim(resource());
      await granted(node.acquire(first, ttlMs));
      await granted(node.acquire(first, ttlMs));
      await granted(node.release(first, 0));
      await granted(node.acquire(claim(first.resources[0] ?? ""), ttlMs));
    },
  },
  {
    name: "releases for the owner only, and says so when there is nothing to release",
    async check({ node, resource }) {
      const first = claim(resource());
      const stranger = claim(first.resources[0] ?? "");
      await granted(node.acquire(first, ttlMs));
      await refused(node.release(stranger, 0), "missing");
      await refused(node.acquire(stranger, ttlMs), "held");
      await granted(node.release(first, 0));
      await refused(node.release(first, 0), "missing");
      await granted(node.acquire(stranger, ttlMs));
    },
  },
  {
    name: "frees what was not renewed in time",
    async check({ node, resource, elapse }) {
      const first = claim(resource());
      const second = claim(first.resources[0] ?? "");
      await granted(node.acquire(first, short));
      await elapse(short + 2);
      await refused(node.extend(first, ttlMs), "missing");
      await granted(node.acquire(second, ttlMs));
    },
  },
  {
    name: "extends for the holder only, and never makes it shorter",
    async check({ node, resource, elapse }) {
      const first = claim(resource());
      await refused(node.extend(first, ttlMs), "missing");
      await granted(node.acquire(first, short));
      await granted(node.extend(first, ttlMs));
      await granted(node.extend(first, short));
      await elapse(short + 2);
      await refused(node.acquire(claim(first.resources[0] ?? ""), ttlMs), "held");
    },
  },
  {
    name: "tells all strings apart, lone surrogates included",
    async check({ node, resource }) {
      const stem = resource();
      const tails = ["", " ", "\0", "\n", "\r\n", "é", "e\u0301", "\uD800", "\uDC00", "\uFFFD"];
      for (const tail of tails) await granted(node.acquire(claim(stem + tail), ttlMs));
      for (const tail of tails) await refused(node.acquire(claim(stem + tail), ttlMs), "held");
    },
  },
  {
    name: "tells who holds a resource, and changes nothing by it",
    async check({ node, resource }) {
      const name = resource();
      assert.deepEqual(await node.inspect(name), { node: node.id, answer: "free" });
      const [one, two] = [claim(name, "shared"), claim(name, "shared")];
      await granted(node.acquire(one, ttlMs));
      await granted(node.acquire(two, ttlMs));
      const report = await node.inspect(name);
      assert(report.answer === "held");
      const owners = report.holders.map(({ owner }) => owner);
      assert.deepEqual(owners.toSorted(), [one.owner, two.owner].toSorted());
      for (const { remainingMs, mode, host, pid, clientId } of report.holders) {
        assert.deepEqual(
          { mode, host, pid, clientId },
          { mode: "shared", host: "a host", pid: 42, clientId: "contract" },
        );
        assert(remainingMs > ttlMs / 2 && remainingMs <= ttlMs);
      }
      await granted(node.extend(one, ttlMs));
    },
  },
];
