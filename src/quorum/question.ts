import { setPatientTimer } from "../core/patient-timer.ts";
import type { UnknownVote } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import type { Answering, LockNode, NodeAnswer } from "./lock-node.ts";
import { timedOut, unknownVote } from "./votes.ts";

/** A question to a node, and what is to be done when its outcome is not known, however late. */
export interface Question<Answer = NodeAnswer> {
  readonly ask: (node: LockNode) => Answering<Answer>;
  readonly onUnknown?: (node: LockNode, error: unknown) => void;
  /** Told of every answer, however late. */
  readonly onAnswer?: (index: number, answer: Answer) => void;
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
          onUnknown?.(node, error);
          note(index, unknownVote(node.id, error));
        },
      );
    });
    const timer = setPatientTimer(clock, timeoutMs, close, true);
  });
}
