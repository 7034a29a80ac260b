import assert from "node:assert/strict";
import type { Contract } from "../contract.ts";
import { mostSpareTokens } from "../../quorum/relay.ts";
import { claim, granted, refused, ttlMs, type NodeSubject } from "./kit.ts";

/** Fencing tokens: a node takes what is above all that it took before, and about its time. */
export const ballots: Contract<NodeSubject> = [
  {
    name: "refuses a ballot that is not above the highest, also after the release, and names that",
    async check({ node, resource, clockUs }) {
      const [first, second] = [claim(resource()), claim("")];
      const later = { ...second, resources: first.resources };
      const ballot = clockUs();
      await granted(node.acquire(first, ttlMs, ballot));
      await granted(node.release(first, 0));
      for (const stale of [ballot - 1, ballot]) {
        const answer = await refused(node.acquire(later, ttlMs, stale), "stale-ballot");
        assert.equal(answer.fencingToken, ballot);
        assert(Math.abs((answer.clockUs ?? 0) - clockUs()) < 1e6);
      }
      await granted(node.acquire(later, ttlMs, ballot + 1));
    },
  },
  {
    name: "does not raise the highest ballot for whom it refuses",
    async check({ node, resource, clockUs }) {
      const [first, loser, third] = [claim(resource()), claim(""), claim("")];
      const ballot = clockUs();
      await granted(node.acquire(first, ttlMs, ballot));
      const { resources } = first;
      const answer = await refused(
        node.acquire({ ...loser, resources }, ttlMs, ballot + 500),
        "held",
      );
      assert.equal(answer.fencingToken, ballot);
      await granted(node.release(first, 0));
      await granted(node.acquire({ ...third, resources }, ttlMs, ballot + 1));
    },
  },
  {
    name: "refuses a ballot that is too far from its clock, either way",
    async check({ node, resource, clockUs, maxSkewMs }) {
      const wanted = claim(resource());
      for (const distance of [-2, 2]) {
        const ballot = Math.max(1, clockUs() + distance * maxSkewMs * 1000);
        const answer = await refused(node.acquire(wanted, ttlMs, ballot), "clock");
        assert(Math.abs((answer.clockUs ?? 0) - clockUs()) < 1e6);
      }
      await granted(node.acquire(wanted, ttlMs, clockUs()));
    },
  },
  {
    name: "takes the same owner again, with the same ballot or a higher one",
    async check({ node, resource, clockUs }) {
      const wanted = claim(resource());
      const ballot = clockUs();
      await granted(node.acquire(wanted, ttlMs, ballot));
      await granted(node.acquire(wanted, ttlMs, ballot));
      await granted(node.acquire(wanted, ttlMs, ballot + 7));
      await refused(node.acquire(wanted, ttlMs, ballot + 6), "stale-ballot");
      const report = await node.inspect(wanted.resources[0] ?? "");
      assert(report.answer === "held");
      assert.equal(report.fencingToken, ballot + 7);
      assert.deepEqual(
        report.holders.map(({ fencingToken }) => fencingToken),
        [ballot + 7],
      );
    },
  },
  {
    name: "accepts the tokens of those who wait behind a claim with it, and no others of theirs",
    async check({ node, resource, clockUs }) {
      const first = claim(resource(), "exclusive", { followerCount: 3 });
      const { resources } = first;
      const ballot = clockUs();
      await granted(node.acquire(first, ttlMs, ballot));
      const report = await node.inspect(resources[0] ?? "");
      assert(report.answer === "held");
      assert.deepEqual(
        report.holders.map(({ fencingToken }) => fencingToken),
        [ballot + 3],
      );
      await granted(node.extend(first, ttlMs, { fencingToken: ballot + 3, sentAtUs: clockUs() }));
      await granted(node.release(first, 0));
      const later = { ...claim(""), resources };
      const answer = await refused(node.acquire(later, ttlMs, ballot + 3), "stale-ballot");
      assert.equal(answer.fencingToken, ballot + 3);
      await granted(node.acquire(later, ttlMs, ballot + 4));
    },
  },
  {
    name: "wants the first token of a claim to be above the highest, and takes it again",
    async check({ node, resource, clockUs }) {
      const first = claim(resource());
      const { resources } = first;
      const many = claim([...resources], "exclusive", { followerCount: mostSpareTokens });
      const ballot = clockUs();
      await granted(node.acquire(first, ttlMs, ballot));
      await granted(node.release(first, 0));
      await refused(node.acquire(many, ttlMs, ballot), "stale-ballot");
      await granted(node.acquire(many, ttlMs, ballot + 1));
      await granted(node.acquire(many, ttlMs, ballot + 1));
      await refused(node.acquire({ ...claim(""), resources }, ttlMs, ballot + 99), "held");
    },
  },
  {
    name: "wants one ballot to be above those of all resources",
    async check({ node, resource, clockUs }) {
      const [a, b] = [resource("a"), resource("b")];
      const first = claim(b);
      const ballot = clockUs();
      await granted(node.acquire(first, ttlMs, ballot));
      await granted(node.release(first, 0));
      const both = claim([a, b]);
      const answer = await refused(node.acquire(both, ttlMs, ballot), "stale-ballot");
      assert.equal(answer.resource, b);
      assert.equal(answer.fencingToken, ballot);
      await granted(node.acquire(both, ttlMs, ballot + 1));
      const report = await node.inspect(a);
      assert(report.answer === "held");
      assert.equal(report.fencingToken, ballot + 1);
    },
  },
];
