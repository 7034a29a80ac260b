import type { Contract } from "../contract.ts";
import { claim, granted, refused, ttlMs, type NodeFixture } from "./kit.ts";

/** Taking a lock from its holders. */
export const taking: Contract<NodeFixture> = [
  {
    name: "steals from all holders, who are told so",
    async check({ node, resource }) {
      const name = resource();
      const [one, two] = [claim(name, "shared"), claim(name, "shared")];
      await granted(node.acquire(one, ttlMs));
      await granted(node.acquire(two, ttlMs));
      const thief = claim(name, "exclusive", { steal: true });
      await granted(node.acquire(thief, ttlMs));
      await refused(node.extend(one, ttlMs), "broken");
      await refused(node.release(two, 0), "broken");
      await refused(node.acquire(one, ttlMs), "withdrawn");
      await granted(node.extend(thief, ttlMs));
    },
  },
  {
    name: "releases by force what anybody holds, and tells the former holder",
    async check({ node, resource }) {
      const first = claim(resource());
      const [name = ""] = first.resources;
      await refused(node.forceRelease(name, [first.owner]), "missing");
      await granted(node.acquire(first, ttlMs));
      await refused(node.forceRelease(name, ["somebody else"]), "missing");
      await granted(node.forceRelease(name, [first.owner]));
      await refused(node.extend(first, ttlMs), "broken");
      await granted(node.acquire(claim(name), ttlMs));
    },
  },
];
