import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { claim, granted, refused, short, ttlMs, type NodeSubject } from "./kit.ts";

const never = { granted: false };

/** What a node does not know any more is granted again when it is extended, unless somebody newer came. */
export const healing: Contract<NodeSubject> = [
  {
    name: "takes back a holder that it has forgotten",
    async check({ node, ask, resource, elapse, clockUs }) {
      const holder = claim(resource());
      const { resources } = holder;
      await granted(ask.acquire(holder, short));
      await elapse(short + 2);
      await granted(ask.extend(holder, ttlMs));
      await refused(ask.acquire({ ...claim(""), resources }, ttlMs), "held");
      const unheardOf = claim(resource());
      const terms = { fencingToken: clockUs(), sentAtUs: clockUs() };
      await granted(node.extend(unheardOf, ttlMs, terms));
      const rival = { ...claim(""), resources: unheardOf.resources };
      await refused(node.acquire(rival, ttlMs, terms.fencingToken), "held");
      await granted(node.release(unheardOf, 0));
      await refused(node.acquire(rival, ttlMs, terms.fencingToken), "stale-ballot");
    },
  },
  {
    name: "does not take back a holder after somebody newer, even when that one has gone",
    async check({ node, ask, resource, elapse }) {
      const holder = claim(resource());
      const newer = { ...claim(""), resources: holder.resources };
      await granted(ask.acquire(holder, short));
      await elapse(short + 2);
      await granted(ask.acquire(newer, ttlMs));
      await refused(ask.extend(holder, ttlMs), "missing");
      await granted(node.release(newer, 0));
      await refused(ask.extend(holder, ttlMs), "missing");
    },
  },
  {
    name: "takes back a holder after somebody who never had it: no quorum had granted it",
    async check({ node, ask, resource, elapse, clockUs }) {
      const holder = claim(resource());
      const [one, two] = [0, 1].map(() => claim(holder.resources[0] ?? "", "exclusive", never));
      assert(one !== undefined && two !== undefined);
      await granted(ask.acquire(holder, short));
      await elapse(short + 2);
      await granted(ask.acquire(one, ttlMs));
      await granted(node.acquire(one, ttlMs, clockUs() + 500));
      await granted(node.release(one, 0));
      await granted(ask.acquire(two, ttlMs));
      await refused(ask.extend(holder, ttlMs), "missing");
      await granted(node.release(two, ttlMs));
      await granted(ask.extend(holder, ttlMs));
    },
  },
  {
    name: "keeps the ballots of others when somebody goes who never had it",
    async check({ node, ask, resource, elapse }) {
      const name = resource();
      const holder = claim(name);
      const [reader, other] = [claim(name, "shared", never), claim(name, "shared")];
      await granted(ask.acquire(holder, short));
      await elapse(short + 2);
      await granted(ask.acquire(reader, ttlMs));
      await granted(ask.acquire(other, ttlMs));
      await granted(ask.acquire(reader, ttlMs));
      await granted(node.release(reader, 0));
      await granted(node.release(other, 0));
      await refused(ask.extend(holder, ttlMs), "missing");
    },
  },
  {
    name: "takes back shared holders beside newer ones, but not after an exclusive one",
    async check({ node, ask, resource, elapse }) {
      const name = resource();
      const [one, two] = [claim(name, "shared"), claim(name, "shared")];
      const writer = claim(name);
      await granted(ask.acquire(one, short));
      await elapse(short + 2);
      await granted(ask.acquire(two, ttlMs));
      await granted(ask.extend(one, short));
      await elapse(short + 2);
      await granted(node.release(two, 0));
      await granted(ask.acquire(writer, ttlMs));
      await granted(node.release(writer, 0));
      await refused(ask.extend(one, ttlMs), "missing");
    },
  },
  {
    name: "does not take back whom it was told not to let in",
    async check({ node, ask, resource }) {
      const holder = claim(resource());
      await granted(ask.acquire(holder, ttlMs));
      await granted(node.release(holder, ttlMs));
      await refused(ask.extend(holder, ttlMs), "missing");
    },
  },
  {
    name: "refuses an extension that was sent too long ago",
    async check({ node, resource, clockUs, maxSkewMs }) {
      const holder = claim(resource());
      const fencingToken = clockUs();
      await granted(node.acquire(holder, ttlMs, fencingToken));
      const sentAtUs = clockUs() - 2 * maxSkewMs * 1000;
      await refused(node.extend(holder, ttlMs, { fencingToken, sentAtUs }), "clock");
      await granted(node.extend(holder, ttlMs, { fencingToken, sentAtUs: clockUs() }));
    },
  },
];
