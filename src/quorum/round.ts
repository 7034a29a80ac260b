import { Appointment, type Agenda } from "../core/agenda.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { UnknownVote, Vote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { NodeError, type Answering, type LockNode, type NodeAnswer } from "./lock-node.ts";
import { Tally } from "./tally.ts";

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
  readonly latestVotes: () => readonly Vote[];
  /** How many have granted by now. */
  readonly grantedCount: () => number;
}

/** A question to a node, and what is to be done when its outcome is not known, however late. */
export interface Question<Answer = NodeAnswer> {
  readonly ask: (node: LockNode) => Answering<Answer>;
  readonly onUnknown?: (node: LockNode) => void;
  /** Told of every answer, however late. */
  readonly onAnswer?: (index: number, answer: Answer) => void;
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
  return new Promise((resolve) => new Round(nodes, rules, resolve).ask(question));
}

class Round extends Appointment {
  readonly #nodes: readonly LockNode[];
  readonly #rules: RoundRules;
  readonly #tally: Tally;
  readonly #votes: (Vote | undefined)[];
  #resolve: ((result: RoundResult) => void) | undefined;

  constructor(
    nodes: readonly LockNode[],
    rules: RoundRules,
    resolve: (result: RoundResult) => void,
  ) {
    super();
    this.#nodes = nodes;
    this.#rules = rules;
    this.#votes = nodes.map(() => undefined);
    this.#tally = new Tally(nodes.length, rules.quorum);
    this.#resolve = resolve;
  }

  ask({ ask, onUnknown, onAnswer }: Question): void {
    const { deadlines, startedAt, timeoutMs } = this.#rules;
    this.#nodes.forEach((node, index) => {
      ask(node).then(
        (answer) => {
          onAnswer?.(index, answer);
          this.#count(index, voteOf(node.id, answer));
        },
        (error) => {
          onUnknown?.(node);
          this.#count(index, unknownVote(node.id, error));
        },
      );
    });
    // Last, for the nodes are at work by now.
    deadlines.schedule(this, startedAt + timeoutMs);
  }

  override due(): void {
    this.#close(false, timedOut(this.#rules.timeoutMs));
  }

  #count(index: number, vote: Vote): void {
    this.#votes[index] = vote;
    this.#tally.count(vote);
    const { isWon } = this.#tally;
    if (isWon !== undefined) this.#close(isWon, notYet);
  }

  #close(isWon: boolean, missing: Silence): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#rules.deadlines.cancel(this);
    const latestVotes = (): Vote[] =>
      this.#nodes.map((node, index) => this.#votes[index] ?? missing(node.id));
    const { grantedCount } = this.#tally;
    resolve({ isWon, votes: latestVotes(), latestVotes, grantedCount });
  }
}

/** All answers, or as many as come in time: for questions that no quorum decides. */
export function askAll<Answer>(
  nodes: readonly LockNode[],
  { ask, onUnknown, onAnswer }: Question<Answer>,
  clock: Clock,
  timeoutMs: number,
): Promise<readonly (Answer | UnknownVote)[]> {
  if (nodes.length === 0) return Promise.resolve([]);
  return new Promise((resolve) => {
    const answers: (Answer | UnknownVote)[] = [];
    let openCount = nodes.length;
    const close = (): void => {
      timer.cancel();
      const missing = timedOut(timeoutMs);
      nodes.forEach(({ id }, index) => {
        if (!(index in answers)) answers[index] = missing(id);
      });
      // A copy: what comes later changes nothing.
      resolve([...answers]);
    };
    const note = (index: number, answer: Answer | UnknownVote): void => {
      answers[index] = answer;
      if (--openCount === 0) close();
    };
    nodes.forEach((node, index) => {
      ask(node).then(
        (answer) => {
          onAnswer?.(index, answer);
          note(index, answer);
        },
        (error) => {
          onUnknown?.(node);
          note(index, unknownVote(node.id, error));
        },
      );
    });
    const timer = setPatientTimer(clock, timeoutMs, close, true);
  });
}

export function voteOf(node: string, answer: NodeAnswer): Vote {
  if (answer.vote === "granted") return { node, vote: "granted" };
  const { clockUs: _, ...refusal } = answer;
  return { node, ...refusal };
}

export function unknownVote(node: string, error: unknown): UnknownVote {
  if (error instanceof NodeError) {
    return { node, vote: "unknown", reason: error.reason, message: error.message };
  }
  return { node, vote: "unknown", reason: "error", message: String(error) };
}

/** The vote of a node that has not answered. */
type Silence = (node: string) => UnknownVote;

const notYet: Silence = (node) => ({
  node,
  vote: "unknown",
  reason: "pending",
  message: "had not answered when it was decided",
});

const timedOut =
  (timeoutMs: number): Silence =>
  (node) => ({
    node,
    vote: "unknown",
    reason: "timeout",
    message: `no answer within ${Math.round(timeoutMs)} ms`,
  });
