import { ConfigurationError } from "../core/error.ts";
import { differingTerm, quarantineMs, type Entry, type NodeState, type Terms } from "./entry.ts";

export interface MembershipPolicy {
  readonly terms: Terms;
  /**
   * - `auto`: when all nodes are blank they are new and vote at once;
   * - `quarantine`: blank nodes always wait first;
   * - `adopt`: as `quarantine`, and blank nodes may outnumber those that know each other.
   */
  readonly freshNodes: "auto" | "quarantine" | "adopt";
  /** What the clocks of those nodes say, in microseconds, that have just been asked. */
  readonly commonUs: number;
  /** This client has voted with these nodes before, so it knows that they belong together. */
  readonly isVeteran: boolean;
}

/**
 * What has to be written into which node, so that the nodes are a quorum and none votes that may have
 * forgotten a vote. Nothing, if all is well. `docs/ALGORITHM.md`, "Nodes that forget", has the rules.
 *
 * @param states one for each node; undefined for those out of reach.
 * @throws {ConfigurationError} for nodes that other clients use in another way.
 */
export function plan(
  states: readonly (NodeState | undefined)[],
  names: readonly string[],
  policy: MembershipPolicy,
): readonly (Entry | undefined)[] {
  refuseOtherTerms(states, names, policy.terms);
  if (!policy.isVeteran && policy.freshNodes !== "adopt") refuseOtherLists(states, names, policy);
  const reached = states.filter((state) => state !== undefined);
  const members = reached.map(nodeIdOf);
  const isNew = !policy.isVeteran && reached.every(isBlank);
  if (isNew && reached.length === states.length && policy.freshNodes === "auto") {
    return foundation(reached, members, policy.terms);
  }
  const { terms, commonUs } = policy;
  const phase = isNew ? "candidate" : "member";
  return states.map((state) => state && amendment(state, { members, phase, terms, commonUs }));
}

/** It never voted for this quorum, or does not know it any more. */
function isBlank({ entry, clockUs }: NodeState): boolean {
  if (entry?.phase === "candidate") return clockUs < entry.votesFromUs;
  return entry?.phase !== "member";
}

/** All nodes are told first, and vote only when all of them have been: so none is overlooked. */
function foundation(
  states: readonly NodeState[],
  members: readonly string[],
  terms: Terms,
): readonly (Entry | undefined)[] {
  const isTold = ({ entry, processId }: NodeState): boolean =>
    entry?.phase === "founding" && entry.processId === processId;
  const phase = states.every(isTold) ? "member" : "founding";
  return states.map((state) => {
    if (phase === "founding" && isTold(state)) return undefined;
    const { processId } = state;
    return { processId, nodeId: processId, phase, votesFromUs: 0, terms, members, why: "" };
  });
}

/**
 * When a quarantine ends. A clock that was behind and is put right would end it too early, so it begins at
 * the nodes' common time.
 */
function quarantineEnd(clockUs: number, commonUs: number, terms: Terms): number {
  const lengthUs = quarantineMs(terms) * 1000;
  return Math.max(clockUs, commonUs) + lengthUs;
}

interface Amending {
  readonly members: readonly string[];
  /** What becomes of a node that has to wait. */
  readonly phase: "candidate" | "member";
  readonly terms: Terms;
  readonly commonUs: number;
}

function amendment(
  state: NodeState,
  { members, phase, terms, commonUs }: Amending,
): Entry | undefined {
  const { entry, processId, clockUs } = state;
  const isRestarted = entry !== undefined && entry.processId !== processId;
  const isLost = entry === undefined || (phase === "candidate" && entry.phase === "founding");
  if (isRestarted || isLost) {
    const votesFromUs = quarantineEnd(clockUs, commonUs, terms);
    const why = isRestarted ? "was found restarted" : "was found without data";
    return { processId, nodeId: nodeIdOf(state), phase, votesFromUs, terms, members, why };
  }
  const isListed = members.every((id) => entry.members.includes(id));
  if (entry.phase !== "founding" && isListed) return undefined;
  const settled = entry.phase === "founding" ? "member" : entry.phase;
  return { ...entry, phase: settled, members: merged(members, entry.members, terms) };
}

/** Those who are there come first; for those out of reach, what was known. */
function merged(
  members: readonly string[],
  known: readonly string[],
  { nodeCount }: Terms,
): readonly string[] {
  return [...new Set([...members, ...known])].slice(0, nodeCount);
}

function nodeIdOf({ entry, processId }: NodeState): string {
  return entry?.nodeId ?? processId;
}

function refuseOtherTerms(
  states: readonly (NodeState | undefined)[],
  names: readonly string[],
  terms: Terms,
): void {
  for (const [index, state] of states.entries()) {
    const theirs = state?.entry?.terms;
    if (theirs === undefined) continue;
    const key = differingTerm(theirs, terms);
    if (key !== undefined) {
      throw new ConfigurationError(
        `${names[index]} is in use with ${key} ${theirs[key]}, here it is ${terms[key]}. All clients ` +
          `must agree. docs/ALGORITHM.md says how to change it ("Changing the nodes").`,
      );
    }
  }
}

/** Two lists that share fewer nodes than a quorum would grant a lock twice. */
function refuseOtherLists(
  states: readonly (NodeState | undefined)[],
  names: readonly string[],
  { terms: { nodeCount, quorum } }: MembershipPolicy,
): void {
  const ids = new Set(states.flatMap((state) => (state === undefined ? [] : [nodeIdOf(state)])));
  const unreached = nodeCount - ids.size;
  for (const [index, state] of states.entries()) {
    if (state?.entry?.phase !== "member") continue;
    const { members } = state.entry;
    const shared = members.filter((id) => ids.has(id)).length;
    if (shared + (nodeCount - members.length) + unreached >= quorum) continue;
    throw new ConfigurationError(
      `${names[index]} belongs to a quorum of which only ${shared} of ${nodeCount} nodes are in this ` +
        `list: either the list is another one than other clients have, or the others have lost their ` +
        `data. docs/ALGORITHM.md says what to do ("Changing the nodes").`,
    );
  }
}
