import type { Contract } from "../contract.ts";
import { claim, granted, refused, ttlMs, type NodeSubject } from "./kit.ts";

/** Taking a lock from its holders. */
export const taking: Contract<NodeSubject> = [
  {
    name: "steals from all holders, who are told so",
    async check({ node, ask, resource }) {
      const name = resource();
      const [one, two] = [claim(name, "shared"), claim(name, "shared")];
      await granted(ask.acquire(one, ttlMs));
      await granted(ask.acquire(two, ttlMs));
      const thief = claim(name, "exclusive", { steal: true });
      await granted(ask.acquire(thief, ttlMs));
      await refused(ask.extend(one, ttlMs), "broken");
      await refused(node.release(two, 0), "broken");
      await refused(ask.acquire(one, ttlMs), "withdrawn");
      await granted(ask.extend(thief, ttlMs));
    },
  },
  {
    name: "releases by force what anybody holds, and tells the former holder",
    async check({ node, ask, resource }) {
      const first = claim(resource());
      const [name = ""] = first.resources;
      await refused(node.forceRelease(name, [first.owner]), "missing");
      await granted(ask.acquire(first, ttlMs));
      await refused(node.forceRelease(name, ["somebody else"]), "missing");
      await granted(node.forceRelease(name, [first.owner]));
      await refused(ask.extend(first, ttlMs), "broken");
      await granted(ask.acquire(claim(name), ttlMs));
    },
  },
];
