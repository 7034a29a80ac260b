import type { Property, PropertyVerdict, Verdict } from "../record.ts";
import { grouped } from "./page/wording.ts";

/** What it means that a promise broke, for somebody who has never heard of the promise. */
const events: Record<Property, string> = {
  exclusion: "two clients were guaranteed the same lock at the same time",
  birth: "a lock was handed out that was over already, or had too few votes",
  belief: "a client was told that it held a lock that was over",
  tokens: "fencing tokens did not grow as they must",
  fence: "the resource behind the fence took a stale write",
  hygiene: "locks were left behind on the nodes",
  errors: "a call never settled, or an error was caught by nobody",
  liveness: "locks could not be had when they should have been",
  sections: "two clients were at work at the same time",
  unfenced: "a write was lost where nobody looks at fencing tokens",
};

/** The whole verdict in words: what broke although it must not, what was expected to and did, what held. */
export function headlineOf({ outcome, sentence, properties }: Verdict): string {
  if (outcome === "inconclusive")
    return sentences(["Too little happened to say that all is right", sentence]);
  const wrong = properties.filter(({ isAsExpected }) => !isAsExpected);
  const broke = wrong.filter((each) => each.outcome === "broke");
  const missing = wrong.filter(({ expected }) => expected === "breaks");
  const shown = properties.filter((each) => each.isAsExpected && each.expected === "breaks");
  const held = properties.filter((each) => each.expected === "holds" && each.isAsExpected);
  const parts: string[] = [];
  if (broke.length > 0) parts.push(`${listed(broke)}, and that must not be`);
  if (missing.length > 0)
    parts.push(`it was not seen that ${listed(missing)}, and that was expected here`);
  if (wrong.length > broke.length + missing.length) parts.push(sentence);
  if (wrong.length === 0 && held.length > 0) parts.push("all that had to hold held");
  if (shown.length > 0) parts.push(`${listed(shown)}, as was to be expected`);
  return sentences(parts.length > 0 ? parts : [sentence]);
}

function listed(properties: readonly PropertyVerdict[]): string {
  return properties
    .map(({ property, violationCount }) => {
      const times = violationCount > 1 ? ` (${grouped(violationCount)} times)` : "";
      return events[property] + times;
    })
    .join("; ");
}

function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).replace(/\.$/, ""))
    .join(". ")
    .concat(".");
}
