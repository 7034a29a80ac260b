import { Appointment, type Agenda } from "../core/agenda.ts";
import type { Vote } from "../core/vote.ts";
import type { AnswerListener, LockNode, NodeAnswer } from "./lock-node.ts";
import type { Question } from "./question.ts";
import { Tally } from "./tally.ts";
import { timedOut, unknownVote, usualVotes, voteOf, type UsualVotes } from "./votes.ts";

export interface RoundRules {
  readonly quorum: number;
  readonly deadlines: Agenda;
  /** When the round begins, and for how long it may last: what comes later counts as unknown. */
  readonly startedAt: number;
  readonly timeoutMs: number;
}

export interface RoundResult {
  /** Whether a quorum granted. */
  readonly isWon: boolean;
  /** One for each node, in the order of the nodes, as they stood when it was decided. */
  readonly votes: readonly Vote[];
  /** The same with what has been answered since. It explains a result, and does not change it. */
  latestVotes(): readonly Vote[];
  /** Counts on. It keeps nothing else of a round. */
  readonly tally: Tally;
}

/**
 * One vote: asks all nodes at once, and is decided as soon as the {@link Tally} is, or when its time
 * is over. Answers that come later change nothing.
 */
export function holdRound(
  nodes: readonly LockNode[],
  question: Question,
  rules: RoundRules,
): Promise<RoundResult> {
  return new Promise((resolve) => new Round(nodes, question, rules, resolve).ask());
}

class Round extends Appointment implements RoundResult, AnswerListener<NodeAnswer> {
  isWon = false;
  votes: readonly Vote[] = [];
  readonly tally: Tally;
  readonly #nodes: readonly LockNode[];
  readonly #question: Question;
  readonly #rules: RoundRules;
  readonly #usual: UsualVotes;
  readonly #votes: Vote[];
  #resolve: ((result: RoundResult) => void) | undefined;

  constructor(
    nodes: readonly LockNode[],
    question: Question,
    rules: RoundRules,
    resolve: (result: RoundResult) => void,
  ) {
    super();
    this.#nodes = nodes;
    this.#question = question;
    this.#rules = rules;
    this.#usual = usualVotes(nodes);
    this.#votes = this.#usual.pending.slice();
    this.tally = new Tally(nodes.length, rules.quorum);
    this.#resolve = resolve;
  }

  ask(): void {
    const [nodes, { ask }] = [this.#nodes, this.#question];
    for (const [index, node] of nodes.entries()) {
      const answering = ask(node);
      if (answering.tell !== undefined) answering.tell(this, index);
      else
        answering.then(
          (answer) => this.onAnswer(index, answer),
          (error: unknown) => this.onFailure(index, error),
        );
    }
    // Last, for the nodes are at work by now.
    const { deadlines, startedAt, timeoutMs } = this.#rules;
    if (this.#resolve !== undefined) deadlines.schedule(this, startedAt + timeoutMs);
  }

  onAnswer(index: number, answer: NodeAnswer): void {
    this.#question.onAnswer?.(index, answer);
    const usual = answer.vote === "granted" ? this.#usual.granted[index] : undefined;
    this.#count(index, usual ?? voteOf(this.#idOf(index), answer));
  }

  onFailure(index: number, error: unknown): void {
    const node = this.#nodes[index];
    if (node !== undefined) this.#question.onUnknown?.(node, error);
    this.#count(index, unknownVote(this.#idOf(index), error));
  }

  override due(): void {
    const missing = timedOut(this.#rules.timeoutMs);
    const { pending } = this.#usual;
    for (const [index, { id }] of this.#nodes.entries())
      if (this.#votes[index] === pending[index]) this.#votes[index] = missing(id);
    this.#close(false);
  }

  latestVotes(): readonly Vote[] {
    return this.#votes.slice();
  }

  #idOf(index: number): string {
    return this.#nodes[index]?.id ?? "";
  }

  #count(index: number, vote: Vote): void {
    this.#votes[index] = vote;
    this.tally.count(vote);
    const { isWon } = this.tally;
    if (isWon !== undefined) this.#close(isWon);
  }

  #close(isWon: boolean): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#rules.deadlines.cancel(this);
    this.isWon = isWon;
    this.votes = this.#votes.slice();
    resolve(this);
  }
}
