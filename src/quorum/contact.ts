import type { Clock } from "../core/world.ts";
import { BallotClock } from "./ballot-clock.ts";
import type { LockNode, NodeAnswer } from "./lock-node.ts";
import { Roster, type NodeEvent } from "./roster.ts";
import type { ResolvedSettings } from "./settings.ts";

export interface ContactOptions {
  readonly clock: Clock;
  readonly settings: ResolvedSettings;
  readonly onEvent: ((event: NodeEvent) => void) | undefined;
  /** For how long one look at a node that changed may take, in milliseconds. */
  readonly lookMs: number;
}

/**
 * What a backend knows of its nodes: that they are a quorum, and what time they have. What is wrong with
 * a node from the start is told at once, not when it is needed; later a node that is unfit merely does
 * not vote.
 */
export class Contact {
  readonly ballots: BallotClock;
  readonly #roster: Roster;
  #opening: Promise<void> | undefined;
  #isMade = false;
  #isClosed = false;

  constructor(nodes: readonly LockNode[], options: ContactOptions) {
    const { clock, settings, onEvent, lookMs } = options;
    const { terms, freshNodes } = settings;
    this.ballots = new BallotClock(clock, nodes.length, terms.maxSkewMs);
    this.#roster = new Roster(nodes, {
      clock,
      policy: { terms, freshNodes },
      onEvent: onEvent ?? (() => {}),
      onClock: (index, clockUs) => this.ballots.learn(index, clockUs),
    });
    for (const node of nodes) {
      node.whenChanged(() => {
        // During the first contact everything is being looked at anyway.
        if (this.#isMade && !this.#isClosed) this.#roster.refresh(node, lookMs);
      });
    }
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /**
   * All who come at the same time wait for the same contact.
   *
   * @throws {ConfigurationError} when a human has to put something right.
   */
  async make(timeoutMs: number): Promise<void> {
    if (this.#isClosed) throw new TypeError("this backend has been closed");
    if (this.#isMade) return;
    this.#opening ??= this.#roster.open(timeoutMs).finally(() => (this.#opening = undefined));
    await this.#opening;
    this.#isMade = !this.#isClosed;
  }

  /** A node has answered: learns its time, and the ballots that it has seen. */
  learn(index: number, answer: NodeAnswer): void {
    if (answer.clockUs !== undefined) this.ballots.learn(index, answer.clockUs);
    if (answer.vote === "refused") this.ballots.saw(answer.fencingToken ?? 0);
  }

  close(): void {
    this.#isClosed = true;
    this.#isMade = false;
  }
}
