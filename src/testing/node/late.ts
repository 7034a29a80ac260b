import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, type NodeFixture } from "./kit.ts";

/** Messages that come late. */
export const lateMessages: Contract<NodeFixture> = [
  {
    name: "keeps out an acquire that comes after its own release, for as long as it was told",
    async check({ node, resource, elapse }) {
      const late = claim(resource());
      await refused(node.release(late, short), "missing");
      await refused(node.acquire(late, ttlMs), "withdrawn");
      const other = claim(late.resources[0] ?? "");
      await granted(node.acquire(other, ttlMs));
      await granted(node.release(other, 0));
      await elapse(short + 2);
      await granted(node.acquire(late, ttlMs));
    },
  },
  {
    name: "leaves no tombstone where there was something to release",
    async check({ node, resource }) {
      const first = claim(resource());
      await granted(node.acquire(first, ttlMs));
      await granted(node.release(first, ttlMs));
      await granted(node.acquire(first, ttlMs));
    },
  },
  {
    name: "forgets old notes before it grows without end",
    async check({ node, resource }) {
      const name = resource();
      const early = claim(name);
      await refused(node.release(early, ttlMs), "missing");
      for (let i = 0; i < 40; i++) await refused(node.release(claim(name), ttlMs), "missing");
      const newest = claim(name);
      await refused(node.release(newest, ttlMs), "missing");
      await refused(node.acquire(newest, ttlMs), "withdrawn");
      await granted(node.acquire(early, ttlMs));
    },
  },
  {
    name: "forgets no note for one that it has already",
    async check({ node, resource }) {
      const name = resource();
      const notes = Array.from({ length: 16 }, () => claim(name));
      for (const note of notes) await refused(node.release(note, ttlMs), "missing");
      await refused(node.release(notes[8] ?? claim(name), ttlMs), "missing");
      await refused(node.acquire(notes[0] ?? claim(name), ttlMs), "withdrawn");
    },
  },
];
