import { ConfigurationError } from "../core/error.ts";
import type { Clock } from "../core/world.ts";
import { askAll } from "./question.ts";
import type { LockNode } from "./lock-node.ts";
import type { Entry, NodeState } from "./entry.ts";
import { plan, type MembershipPolicy } from "./membership.ts";

/** Something that happened to a node, for those who watch over it. */
export interface NodeEvent {
  readonly node: string;
  /**
   * - `founded`: it was new, as were all others, and votes;
   * - `quarantined`: it may have forgotten votes, and does not vote for some time;
   * - `refused`: it cannot be one of this quorum any more;
   * - `overdue`: it leaves calls unanswered, and is not asked until it answers or is connected to anew;
   * - `answering`: it is asked again.
   */
  readonly type: "founded" | "quarantined" | "refused" | "overdue" | "answering";
  /** Milliseconds until it votes; 0: now. Infinity: not by itself. */
  readonly votesInMs: number;
  readonly message: string;
}

export interface RosterOptions {
  readonly clock: Clock;
  readonly policy: Omit<MembershipPolicy, "isVeteran" | "commonUs">;
  readonly onEvent: (event: NodeEvent) => void;
  /** Told whenever a node says what its clock says. */
  readonly onClock: (index: number, clockUs: number) => void;
}

/** Founding takes two steps; others who found at the same time can cost some more. */
const mostSteps = 8;

/** Who belongs to the quorum, and who has to wait: puts what {@link plan} says into the nodes. */
export class Roster {
  readonly #nodes: readonly LockNode[];
  readonly #options: RosterOptions;
  readonly #states: (NodeState | undefined)[];
  /** What the nodes' clocks said when they were asked last. */
  #clocks: number[] = [];
  readonly #refreshing = new Set<LockNode>();
  #isVeteran = false;

  constructor(nodes: readonly LockNode[], options: RosterOptions) {
    this.#nodes = nodes;
    this.#options = options;
    this.#states = nodes.map(() => undefined);
  }

  /**
   * Asks all nodes, and writes what has to be written. Goes on without those that do not answer in time.
   *
   * @throws {ConfigurationError} when a human has to put something right.
   */
  async open(timeoutMs: number): Promise<void> {
    await this.#askAll(timeoutMs);
    for (let step = 0; step < mostSteps; step++) {
      const entries = this.#plan();
      const open = this.#nodes.filter((_, index) => entries[index] !== undefined);
      if (open.length === 0) break;
      await this.#all(open, (node) => this.#enter(node, entries), timeoutMs);
    }
    this.#isVeteran ||= this.#states.some((state) => state?.entry?.phase === "member");
  }

  /** A node has been reached anew, or is not what it was. Never rejects; what is wrong is an event. */
  refresh(node: LockNode, timeoutMs: number): void {
    if (this.#refreshing.has(node)) return;
    this.#refreshing.add(node);
    const refreshing = this.#isVeteran ? this.#refreshOne(node, timeoutMs) : this.open(timeoutMs);
    refreshing
      .catch((error: unknown) => {
        // Of what is merely out of reach we hear again when it is back.
        if (error instanceof ConfigurationError) this.#refuse(node, error);
      })
      .finally(() => this.#refreshing.delete(node));
  }

  async #refreshOne(node: LockNode, timeoutMs: number): Promise<void> {
    await this.#askAll(timeoutMs);
    await this.#enter(node, this.#plan());
  }

  async #askAll(timeoutMs: number): Promise<void> {
    this.#clocks = [];
    await this.#all(this.#nodes, (node) => this.#ask(node), timeoutMs);
  }

  #refuse(node: LockNode, { message }: ConfigurationError): void {
    this.#options.onEvent({ node: node.id, type: "refused", votesInMs: Infinity, message });
  }

  #plan(): readonly (Entry | undefined)[] {
    const names = this.#nodes.map(({ id }) => id);
    const commonUs = upperMedian(this.#clocks);
    const policy = { ...this.#options.policy, isVeteran: this.#isVeteran, commonUs };
    return plan(this.#states, names, policy);
  }

  async #all(
    nodes: readonly LockNode[],
    act: (node: LockNode) => Promise<void>,
    timeoutMs: number,
  ): Promise<void> {
    const problems: ConfigurationError[] = [];
    const actOn = (node: LockNode): Promise<void> =>
      act(node).catch((error: unknown) => {
        if (error instanceof ConfigurationError) problems.push(error);
      });
    await askAll(nodes, { ask: actOn }, this.#options.clock, timeoutMs);
    const [problem] = problems;
    if (problem !== undefined) throw problem;
  }

  async #ask(node: LockNode): Promise<void> {
    const index = this.#nodes.indexOf(node);
    const state = await node.open();
    // Of one that cannot be reached we keep what we knew: it is still one of the list.
    if (state !== undefined) this.#note(index, state);
    else if (!this.#isVeteran) this.#states[index] = undefined;
  }

  async #enter(node: LockNode, entries: readonly (Entry | undefined)[]): Promise<void> {
    const index = this.#nodes.indexOf(node);
    const [entry, known] = [entries[index], this.#states[index]];
    if (entry === undefined || known === undefined) return;
    if (!this.#isVeteran) this.#states[index] = undefined;
    const after = await node.enter(entry, known);
    this.#note(index, after);
    this.#tell(node.id, entry, known, after);
  }

  #note(index: number, state: NodeState): void {
    this.#states[index] = state;
    this.#clocks.push(state.clockUs);
    this.#options.onClock(index, state.clockUs);
  }

  #tell(node: string, entry: Entry, known: NodeState, { entry: now, clockUs }: NodeState): void {
    if (now?.votesFromUs !== entry.votesFromUs || entry.phase === "founding") return;
    if (known.entry?.phase !== "founding" && entry.votesFromUs === known.entry?.votesFromUs) return;
    const votesInMs = Math.max(0, Math.ceil((entry.votesFromUs - clockUs) / 1000));
    const type = votesInMs > 0 ? "quarantined" : "founded";
    const message =
      type === "founded"
        ? `${node} is new, as all others are, and votes`
        : `${node} ${entry.why} and votes in ${(votesInMs / 1000).toFixed(1)} s`;
    this.#options.onEvent({ node, type, votesInMs, message });
  }
}

function upperMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
