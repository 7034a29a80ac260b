import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, type NodeSubject } from "./kit.ts";

/** Messages that come late. */
export const lateMessages: Contract<NodeSubject> = [
  {
    name: "keeps out an acquire that comes after its own release, for as long as it was told",
    async check({ node, ask, resource, elapse }) {
      const late = claim(resource());
      await refused(node.release(late, short), "missing");
      await refused(ask.acquire(late, ttlMs), "withdrawn");
      const other = claim(late.resources[0] ?? "");
      await granted(ask.acquire(other, ttlMs));
      await granted(node.release(other, 0));
      await elapse(short + 2);
      await granted(ask.acquire(late, ttlMs));
    },
  },
  {
    name: "leaves a tombstone only when it is told to",
    async check({ node, ask, resource }) {
      const first = claim(resource());
      await granted(ask.acquire(first, ttlMs));
      await granted(node.release(first, 0));
      await granted(ask.acquire(first, ttlMs));
      await granted(node.release(first, ttlMs));
      await refused(ask.acquire(first, ttlMs), "withdrawn");
    },
  },
  {
    name: "forgets old notes before it grows without end",
    async check({ node, ask, resource }) {
      const name = resource();
      const early = claim(name);
      await refused(node.release(early, ttlMs), "missing");
      for (let i = 0; i < 40; i++) await refused(node.release(claim(name), ttlMs), "missing");
      const newest = claim(name);
      await refused(node.release(newest, ttlMs), "missing");
      await refused(ask.acquire(newest, ttlMs), "withdrawn");
      await granted(ask.acquire(early, ttlMs));
    },
  },
  {
    name: "forgets no note for one that it has already",
    async check({ node, ask, resource }) {
      const name = resource();
      const notes = Array.from({ length: 16 }, () => claim(name));
      for (const note of notes) await refused(node.release(note, ttlMs), "missing");
      await refused(node.release(notes[8] ?? claim(name), ttlMs), "missing");
      await refused(ask.acquire(notes[0] ?? claim(name), ttlMs), "withdrawn");
    },
  },
];
