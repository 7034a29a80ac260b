import type { LinkSpan } from "../record.ts";
import type { DrawnState } from "./page/drawing.ts";
import { whole } from "./pack.ts";

/** The ways to one node that were not as they should be: from one change to the next, who had which. */
export function linksOf(ways: readonly LinkSpan[], clientCount: number): DrawnState[] {
  const changes = [...new Set(ways.flatMap(({ from, until }) => [from, until]))].toSorted(
    (a, b) => a - b,
  );
  const drawn: DrawnState[] = [];
  for (const [index, from] of changes.entries()) {
    const until = changes[index + 1];
    const open = ways.filter((way) => way.from <= from && way.until > from);
    if (until === undefined || open.length === 0) continue;
    const isCut = open.some(({ state }) => state === "cut");
    const about = [...new Set(open.map((way) => way.about))].join("; ");
    const label = labelOf(open, clientCount);
    const state = isCut ? "cut" : "hurt";
    drawn.push({ from: whole(from), until: whole(until), state, label, about });
  }
  return drawn;
}

const phrases: Record<LinkSpan["state"], string> = {
  cut: "cut from",
  "requests held": "requests held from",
  "replies held": "replies held to",
  "requests lost": "requests lost from",
  "replies lost": "replies lost to",
  slow: "slow for",
  narrow: "narrow for",
};

function labelOf(open: readonly LinkSpan[], clientCount: number): string {
  const byState = new Map<LinkSpan["state"], Set<string>>();
  for (const { state, client } of open) {
    byState.set(state, (byState.get(state) ?? new Set()).add(client));
  }
  return [...byState]
    .map(([state, clients]) => {
      const isAll = clients.size === clientCount && clientCount > 1;
      return `${phrases[state]} ${isAll ? "all" : [...clients].toSorted().join(", ")}`;
    })
    .join(" · ");
}
