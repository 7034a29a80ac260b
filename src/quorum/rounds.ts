import { Agenda } from "../core/agenda.ts";
import { roundTimeoutMs } from "../core/validity.ts";
import type { Clock } from "../core/world.ts";
import type { LockNode } from "./lock-node.ts";
import type { Question } from "./question.ts";
import { holdRound, type RoundResult } from "./round.ts";

export interface RoundsOptions {
  readonly clock: Clock;
  readonly quorum: number;
  /** For how long a round waits for nodes, in milliseconds; else a share of the ttl. */
  readonly timeoutMs: number | undefined;
}

/** The votes of one quorum. One timer ends all that take too long. */
export class Rounds {
  readonly #nodes: readonly LockNode[];
  readonly #quorum: number;
  readonly #timeoutMs: number | undefined;
  readonly #deadlines: Agenda;

  constructor(nodes: readonly LockNode[], { clock, quorum, timeoutMs }: RoundsOptions) {
    this.#nodes = nodes;
    this.#quorum = quorum;
    this.#timeoutMs = timeoutMs;
    this.#deadlines = new Agenda(clock);
  }

  hold(startedAt: number, ttlMs: number, question: Question): Promise<RoundResult> {
    return holdRound(this.#nodes, question, {
      quorum: this.#quorum,
      deadlines: this.#deadlines,
      startedAt,
      timeoutMs: this.timeoutFor(ttlMs),
    });
  }

  /** For how long a round about a lock of this ttl waits for nodes. */
  timeoutFor(ttlMs: number): number {
    return roundTimeoutMs(ttlMs, this.#timeoutMs);
  }
}
