import type { Verdict } from "../verdict.ts";

/** The whole verdict in one sentence. */
export function sentence({
  outcome,
  properties,
  findings,
}: Pick<Verdict, "outcome" | "properties" | "findings">): string {
  const wrong = properties.filter(({ isAsExpected }) => !isAsExpected);
  if (wrong.length > 0) {
    const what = wrong.map(({ property, expected, violationCount }) =>
      expected === "breaks"
        ? `${property} was expected to break and held`
        : `${property} broke (${violationCount})`,
    );
    const [first] = findings;
    const example = first === undefined ? "" : `: ${first.message}`;
    return `${what.join("; ")}${example}`;
  }
  const broken = properties.filter(({ outcome: became }) => became === "broke");
  const breaks = broken.map(({ property, violationCount }) => `${property} (${violationCount})`);
  const seen = breaks.length === 0 ? "nothing broke" : `broke: ${breaks.join(", ")}`;
  if (outcome === "inconclusive") return `${seen}; but too little happened to prove anything`;
  return seen;
}
