import type { UnknownVote } from "../core/vote.ts";
import { parsedAnswer, parsedKnowledge, type Answer, type Knowledge } from "./answer.ts";
import { DatabaseError, type Statement } from "./connection-pool.ts";
import type { Database, Terms } from "./database.ts";

/** An answer that takes longer than this part of the ttl leaves too little of it. */
const timeoutShare = 1 / 2;

export type AskTerms = Omit<Terms, "timeoutMs">;

/** Questions to one database: each is answered, or its silence is. */
export class Asking {
  readonly name: string;
  readonly timeoutMs: number;
  readonly #database: Database;

  /** @param timeoutMs for how long an answer is waited for, as far as the ttl allows. */
  constructor(database: Database, timeoutMs: number) {
    this.name = database.name;
    this.timeoutMs = timeoutMs;
    this.#database = database;
  }

  timeoutFor(ttlMs: number): number {
    return Math.min(this.timeoutMs, Math.ceil(ttlMs * timeoutShare));
  }

  /** @throws {ConfigurationError} when a human has to act. */
  async ask(
    statement: Statement,
    timeoutMs: number = this.timeoutMs,
    terms: AskTerms = {},
  ): Promise<Answer | UnknownVote> {
    try {
      return parsedAnswer(await this.#database.ask(statement, { ...terms, timeoutMs }));
    } catch (error) {
      return this.#unknown(error);
    }
  }

  /** @throws {ConfigurationError} when a human has to act. */
  async look(statement: Statement): Promise<Knowledge | UnknownVote> {
    const { timeoutMs } = this;
    try {
      return parsedKnowledge(await this.#database.ask(statement, { timeoutMs }));
    } catch (error) {
      return this.#unknown(error);
    }
  }

  #unknown(error: unknown): UnknownVote {
    if (!(error instanceof DatabaseError)) throw error;
    const { reason, message } = error;
    return { node: this.name, vote: "unknown", reason, message };
  }
}
