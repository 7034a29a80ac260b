import type { Mutant } from "./mutant.ts";

/** What is done wrong with one authority. */
export const authorityMutants: readonly Mutant[] = [
  {
    name: "row-from-the-answer",
    about: "On a database, validity counts from when the answer came, not from before the try.",
    authority: "postgres",
    patches: [
      {
        file: "sql/sql-backend.js",
        find: "validUntil(startedAt, ttlMs, 0);\n        const votes",
        replace: "validUntil(this.world.clock.now(), ttlMs, 0);\n        const votes",
      },
    ],
    scenarios: ["frozen-between"],
    by: "exclusion",
  },
  {
    name: "place-from-the-answer",
    about: "In an ensemble, validity counts from when the answer came, not from before the try.",
    authority: "zookeeper",
    patches: [
      {
        file: "zookeeper/try.js",
        find: "validUntil(sentAt, this.#ttlMs, 0);",
        replace: "validUntil(world.clock.now(), this.#ttlMs, 0);",
      },
    ],
    scenarios: ["frozen-between"],
    by: "exclusion",
  },
  {
    name: "renewed-without-asking",
    about:
      "In an ensemble, a renewal trusts the session, and asks nobody whether it is still there.",
    authority: "zookeeper",
    patches: [
      {
        file: "zookeeper/zookeeper-backend.js",
        find: "await session.send(checkAll(own.nodes.map(({ path }) => path)));",
        replace: "",
      },
      {
        file: "zookeeper/zookeeper-backend.js",
        find: "return await session.run(patienceMs, asking);",
        replace: "return await asking();",
      },
    ],
    scenarios: ["cut-off-holder"],
    by: "exclusion",
  },
];
