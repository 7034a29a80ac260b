import type { Agenda } from "../core/agenda.ts";
import { setPatientTimer } from "../core/patient-timer.ts";
import type { UnknownVote, Vote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { NodeError, type LockNode, type NodeAnswer } from "./lock-node.ts";
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
}

/** A question to a node, and what is to be done when its outcome is not known, however late. */
export interface Question {
  readonly ask: (node: LockNode) => Promise<NodeAnswer>;
  readonly onUnknown?: (node: LockNode) => void;
  /** Told of every answer, however late. */
  readonly onAnswer?: (index: number, answer: NodeAnswer) => void;
}

/**
 * One vote: asks all nodes at once, and is decided as soon as the {@link Tally} is, or when its time
 * is over. Answers that come later change nothing.
 */
export function holdRound(
  nodes: readonly LockNode[],
  { ask, onUnknown, onAnswer }: Question,
  { quorum, deadlines, startedAt, timeoutMs }: RoundRules,
): Promise<RoundResult> {
  return new Promise((resolve) => {
    const votes: (Vote | undefined)[] = [];
    const tally = new Tally(nodes.length, quorum);
    let isOpen = true;
    const close = (isWon: boolean, missing: Silence): void => {
      isOpen = false;
      deadlines.cancel(deadline);
      const latestVotes = (): Vote[] => nodes.map((node, i) => votes[i] ?? missing(node.id));
      resolve({ isWon, votes: latestVotes(), latestVotes });
    };
    const count = (index: number, vote: Vote): void => {
      votes[index] = vote;
      if (!isOpen) return;
      tally.count(vote);
      if (tally.isWon !== undefined) close(tally.isWon, notYet);
    };
    nodes.forEach((node, index) => {
      ask(node).then(
        (answer) => {
          onAnswer?.(index, answer);
          count(index, voteOf(node.id, answer));
        },
        (error: unknown) => {
          onUnknown?.(node);
          count(index, unknownVote(node.id, error));
        },
      );
    });
    // Last, for the nodes are at work by now.
    const deadline = deadlines.prepare(() => close(false, timedOut(timeoutMs)));
    deadlines.schedule(deadline, startedAt + timeoutMs);
  });
}

/** All answers, or as many as come in time: for questions that no quorum decides. */
export function askAll<Answer>(
  nodes: readonly LockNode[],
  ask: (node: LockNode) => Promise<Answer>,
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
        (answer) => note(index, answer),
        (error: unknown) => note(index, unknownVote(node.id, error)),
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
