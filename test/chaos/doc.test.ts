/**
 * Goal: docs/CHAOS.md and docs/TRACK-RECORD.md say of scenarios, systems and mutants what the code does.
 * Method: the pages are read as text, whatever the formatter makes of the columns.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Expectations } from "../../src/chaos/scenarios/scenario.ts";
import { scenarios } from "../../src/chaos/scenarios/scenarios.ts";
import { systems } from "../../src/chaos/systems/systems.ts";

const [chaos = "", trackRecord = ""] = ["CHAOS", "TRACK-RECORD"].map((name) =>
  readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8").replace(/ +/g, " "),
);

function words({ exclusion, belief }: Expectations): string {
  if (exclusion === "breaks") return "**breaks**";
  if (exclusion === "either") return "either";
  return belief === "breaks" ? "belief **breaks**" : "holds";
}

describe("docs/CHAOS.md", () => {
  const ofMasters = scenarios.filter(({ authorities }) => authorities.includes("redis"));
  test.for(ofMasters)("has the row of $name", ({ name, row, about, expectations }) => {
    const { plain, default: ours, strict } = expectations;
    const columns = [plain, ours, strict].map(words).join(" | ");
    expect(chaos).toContain(`| ${row} | \`${name}\` | ${about} | ${columns} |`);
  });

  const ofOne = scenarios.filter(({ authorities }) => authorities.some((each) => each !== "redis"));
  test.for(ofOne)("has the row of $name on one authority", (scenario) => {
    const { name, row, about, expectations, authorities } = scenario;
    const columns = (["postgres", "zookeeper"] as const).map((authority) =>
      authorities.includes(authority) ? words(expectations.default) : "–",
    );
    expect(authorities.includes("mariadb")).toBe(authorities.includes("postgres"));
    expect(chaos).toContain(`| ${row} | \`${name}\` | ${about} | ${columns.join(" | ")} |`);
  });
});

describe("docs/TRACK-RECORD.md", () => {
  test.for(systems.filter(({ kind }) => kind === "mutant" || kind === "recipe"))(
    "has $name, and what convicts it",
    ({ name, about, scenarios: own = [] }) => {
      const line = trackRecord.split("\n").find((each) => each.includes(`\`${name}\``));
      expect(line).toContain(about.replace(/\.$/, ""));
      for (const scenario of own) expect(line).toContain(`\`${scenario}\``);
    },
  );

  test.for(systems.filter(({ kind }) => kind === "peer"))("has $name", ({ name }) => {
    expect(trackRecord).toContain(`\`${name}\``);
  });
});
