import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, type NodeSubject } from "./kit.ts";

const nobody = { answer: "free", holders: [], fencingToken: 0, votesInMs: 0, why: "" };

/** One holder, and who else comes. */
export const oneHolder: Contract<NodeSubject> = [
  {
    name: "grants what is free, and refuses it to others, saying who holds it and for how long",
    async check({ ask, resource }) {
      const first = claim(resource());
      await granted(ask.acquire(first, ttlMs));
      const {
        holder,
        freeInMs,
        resource: which,
      } = await refused(ask.acquire(claim(first.resources[0] ?? ""), ttlMs), "held");
      const { owner, mode, clientId } = first;
      assert.deepEqual(holder, { owner, mode, clientId, host: "a host", pid: 42 });
      assert(freeInMs !== undefined && freeInMs > ttlMs / 2 && freeInMs <= ttlMs);
      assert.equal(which, first.resources[0]);
    },
  },
  {
    name: "takes an acquire that comes twice for the same",
    async check({ node, ask, resource }) {
      const first = claim(resource());
      await granted(ask.acquire(first, ttlMs));
      await granted(ask.acquire(first, ttlMs));
      await granted(node.release(first, 0));
      await granted(ask.acquire(claim(first.resources[0] ?? ""), ttlMs));
    },
  },
  {
    name: "releases for the owner only, and says so when there is nothing to release",
    async check({ node, ask, resource }) {
      const first = claim(resource());
      const stranger = claim(first.resources[0] ?? "");
      await granted(ask.acquire(first, ttlMs));
      await refused(node.release(stranger, 0), "missing");
      await refused(ask.acquire(stranger, ttlMs), "held");
      await granted(node.release(first, 0));
      await refused(node.release(first, 0), "missing");
      await granted(ask.acquire(stranger, ttlMs));
    },
  },
  {
    name: "frees what was not renewed in time",
    async check({ ask, resource, elapse }) {
      const first = claim(resource());
      const second = claim(first.resources[0] ?? "");
      await granted(ask.acquire(first, short));
      await elapse(short + 2);
      await granted(ask.acquire(second, ttlMs));
      await refused(ask.extend(first, ttlMs), "missing");
    },
  },
  {
    name: "extends for the holder only, and never makes it shorter",
    async check({ ask, resource, elapse }) {
      const first = claim(resource());
      const stranger = claim(first.resources[0] ?? "");
      await granted(ask.acquire(first, short));
      await refused(ask.extend(stranger, ttlMs), "missing");
      await granted(ask.extend(first, ttlMs));
      await granted(ask.extend(first, short));
      await elapse(short + 2);
      await refused(ask.acquire(claim(first.resources[0] ?? ""), ttlMs), "held");
    },
  },
  {
    name: "tells all strings apart, lone surrogates included",
    async check({ ask, resource }) {
      const stem = resource();
      const tails = ["", " ", "\0", "\n", "\r\n", "é", "e\u0301", "\uD800", "\uDC00", "\uFFFD"];
      for (const tail of tails) await granted(ask.acquire(claim(stem + tail), ttlMs));
      for (const tail of tails) await refused(ask.acquire(claim(stem + tail), ttlMs), "held");
    },
  },
  {
    name: "tells who holds a resource, and changes nothing by it",
    async check({ node, ask, resource }) {
      const name = resource();
      const empty = await node.inspect(name);
      assert.deepEqual(empty, { ...nobody, node: node.id });
      const [one, two] = [claim(name, "shared"), claim(name, "shared")];
      await granted(ask.acquire(one, ttlMs));
      await granted(ask.acquire(two, ttlMs));
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
      await granted(ask.extend(one, ttlMs));
    },
  },
];
