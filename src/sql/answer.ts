import { ConfigurationError } from "../core/error.ts";
import type { NodeHolder } from "../core/inspection.ts";
import { inKeyOrder } from "./key.ts";
import { refusal, type HolderInfo, type RefusalReason, type RefusedVote } from "../core/vote.ts";

/** What the database says to an acquire, an extension or a release: JSON out of its own statements. */
export type Answer =
  | { readonly vote: "granted"; readonly fencingToken: number }
  | {
      readonly vote: "refused";
      readonly reason: RefusalReason;
      /** Which of the resources it is about, in the order of their keys; the first is 1. */
      readonly place: number;
      readonly holder?: HolderInfo | null;
      readonly freeInMs?: number | null;
    };

/** What the database knows of one resource. */
export interface Knowledge {
  readonly fencingToken: number;
  readonly holders: readonly NodeHolder[];
}

export function parsedAnswer(text: string): Answer {
  const answer = parsed(text) as Answer;
  const isKnown =
    answer.vote === "refused"
      ? typeof answer.reason === "string"
      : answer.vote === "granted" && isToken(answer.fencingToken);
  if (!isKnown) throw unfit(text);
  return answer;
}

export function parsedKnowledge(text: string): Knowledge {
  const knowledge = parsed(text) as Knowledge;
  if (!isToken(knowledge.fencingToken) || !Array.isArray(knowledge.holders)) throw unfit(text);
  return knowledge;
}

/** A refusal as a vote. */
export function refusedVote(
  node: string,
  { reason, place, holder, freeInMs }: Answer & { vote: "refused" },
  resources: readonly string[],
): RefusedVote {
  const details = { ...(holder && { holder }), ...(typeof freeInMs === "number" && { freeInMs }) };
  return { node, ...refusal(reason, inKeyOrder(resources)[place - 1] ?? "", details) };
}

/** MariaDB puts some numbers between quotes. */
const numbers = new Set(["place", "fencingToken", "freeInMs", "pid", "remainingMs"]);

function parsed(text: string): object {
  const value: unknown = JSON.parse(text, (name, part: unknown) =>
    numbers.has(name) && typeof part === "string" ? Number(part) : part,
  );
  if (typeof value !== "object" || value === null) throw unfit(text);
  return value;
}

function isToken(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function unfit(text: string): ConfigurationError {
  return new ConfigurationError(
    `the database answered ${JSON.stringify(text)}, which is not what quorumlock's own statements say. ` +
      `Is its table somebody else's, or a fencing token set by hand?`,
  );
}
