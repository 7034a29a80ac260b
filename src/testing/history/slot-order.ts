import { excerpt, tokenOf } from "./account.ts";
import type { Counted, Facts } from "./facts.ts";
import type { Violation } from "./violation.ts";
import { ms, withToken } from "./wording.ts";

/** The votes with the largest tokens so far, of one node for one resource. */
interface Slots {
  exclusive: Counted | undefined;
  shared: Counted | undefined;
  /** The readers that have had a slot there. */
  readonly readers: Set<string>;
}

/** C6. */
export function* slotOrder({ votes }: Facts): Generator<() => Violation> {
  const slots = new Map<string, Map<string, Slots>>();
  for (const vote of votes) {
    const known = slotsOf(slots, vote);
    const other = larger(known.exclusive, mayCome(vote, known) ? undefined : known.shared);
    if (other !== undefined && tokenOf(other.grant) > tokenOf(vote.grant)) {
      yield () => overtaken(vote, other);
    }
    const { mode, attempt } = vote.grant.invoke.event;
    known[mode] = larger(known[mode], vote);
    if (mode === "shared") known.readers.add(attempt);
  }
}

/**
 * Whether it may come after readers with larger tokens: a reader that a node knew before, or that it
 * comes to know in an extension.
 */
function mayCome({ grant, rank }: Counted, { readers }: Slots): boolean {
  const { mode, attempt } = grant.invoke.event;
  return mode === "shared" && (rank > grant.granted.rank || readers.has(attempt));
}

function larger(a: Counted | undefined, b: Counted | undefined): Counted | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return tokenOf(b.grant) > tokenOf(a.grant) ? b : a;
}

function slotsOf(slots: Map<string, Map<string, Slots>>, { event }: Counted): Slots {
  const { node, resource } = event;
  let ofNode = slots.get(node);
  if (ofNode === undefined) slots.set(node, (ofNode = new Map<string, Slots>()));
  let known = ofNode.get(resource);
  if (known === undefined) {
    known = { exclusive: undefined, shared: undefined, readers: new Set() };
    ofNode.set(resource, known);
  }
  return known;
}

function overtaken(vote: Counted, other: Counted): Violation {
  const { node, resource, at } = vote.event;
  return {
    check: "C6",
    message:
      `${resource}: ${node} voted for ${withToken(vote.grant)} at ${ms(at)}, ` +
      `after it had voted for ${withToken(other.grant)} at ${ms(other.event.at)}`,
    at,
    attempts: [vote.event.attempt, other.event.attempt],
    resource,
    events: excerpt(
      ...[other.grant.invoke, other.grant.granted, other],
      ...[vote.grant.invoke, vote.grant.granted, vote],
    ),
  };
}
