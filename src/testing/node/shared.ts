import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, waitingFor, type NodeSubject } from "./kit.ts";

/** Shared holders, and writers that wait for them. */
export const sharedHolders: Contract<NodeSubject> = [
  {
    name: "lets shared holders in together, each with its own time, and no exclusive one beside them",
    async check({ node, ask, resource, elapse }) {
      const [brief, long] = [claim(resource(), "shared"), claim("", "shared")];
      const both = { ...long, resources: brief.resources };
      const writer = claim(brief.resources[0] ?? "");
      await granted(ask.acquire(brief, short));
      await granted(ask.acquire(both, ttlMs));
      await refused(ask.acquire(writer, ttlMs), "held");
      await elapse(short + 2);
      await refused(ask.acquire(writer, ttlMs), "held");
      await granted(node.release(both, 0));
      await granted(ask.acquire(writer, ttlMs));
      await refused(ask.acquire(claim(brief.resources[0] ?? "", "shared"), ttlMs), "held");
    },
  },
  {
    name: "keeps new readers out while a writer waits for those that are in, but not for ever",
    async check({ ask, resource, elapse }) {
      const name = resource();
      const reader = claim(name, "shared");
      const waiting = waitingFor(short);
      await granted(ask.acquire(reader, ttlMs));
      await refused(ask.acquire(claim(name, "exclusive", { waiting }), ttlMs), "held");
      const { freeInMs } = await refused(
        ask.acquire(claim(name, "shared"), ttlMs),
        "writer-waiting",
      );
      assert(freeInMs !== undefined && freeInMs >= 0 && freeInMs <= short);
      await elapse(short + 2);
      await granted(ask.acquire(claim(name, "shared"), ttlMs));
    },
  },
  {
    name: "lets readers in again once the writer that waited has gone",
    async check({ node, ask, resource }) {
      const name = resource();
      const reader = claim(name, "shared");
      const waiting = waitingFor(ttlMs);
      const writer = claim(name, "exclusive", { waiting, granted: false });
      await granted(ask.acquire(reader, ttlMs));
      await refused(ask.acquire(writer, ttlMs), "held");
      await refused(node.release(writer, 0), "missing");
      await refused(ask.acquire(claim(name, "shared"), ttlMs), "writer-waiting");
      const leaving = { ...writer, waiting: { ...waiting, forMs: 0 } };
      await refused(node.release(leaving, 0), "missing");
      await granted(ask.acquire(claim(name, "shared"), ttlMs));
      await granted(ask.extend(reader, ttlMs));
    },
  },
  {
    name: "lets readers in again once the writer that waited has had its turn",
    async check({ node, ask, resource }) {
      const name = resource();
      const reader = claim(name, "shared");
      const waiting = waitingFor(ttlMs);
      await granted(ask.acquire(reader, ttlMs));
      await refused(ask.acquire(claim(name, "exclusive", { waiting }), ttlMs), "held");
      await granted(node.release(reader, 0));
      const writer = claim(name, "exclusive", { waiting });
      await granted(ask.acquire(writer, ttlMs));
      await granted(node.release(writer, 0));
      await granted(ask.acquire(claim(name, "shared"), ttlMs));
    },
  },
];
