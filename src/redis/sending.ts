import type { Answering, AnswerListener } from "../quorum/lock-node.ts";
import { NoVote } from "../quorum/no-vote.ts";
import { nodeError } from "./node-error.ts";
import type { ScriptCall } from "./script-call.ts";
import type { Script } from "./script/script.ts";

/** What is done when the server does not know the script, or did not vote. */
export type Recover = <T>(call: ScriptCall<T>, why: NoVote, tried: Script) => Promise<T>;

/** A call and the one who waits for its answer: what a promise is for, at less expense. */
export class Sending<T> implements Answering<T> {
  readonly call: ScriptCall<T>;
  readonly #recover: Recover;
  #listener: AnswerListener<T> | undefined;
  #index = 0;
  /** Tells what became of it before anybody asked. */
  #tellLate: (() => void) | undefined;

  constructor(call: ScriptCall<T>, recover: Recover) {
    this.call = call;
    this.#recover = recover;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is meant to be awaited where speed does not count
  then(onAnswer: (answer: T) => void, onFailure: (error: unknown) => void): void {
    const listener: AnswerListener<T> = {
      onAnswer: (_, answer) => onAnswer(answer),
      onFailure: (_, error) => onFailure(error),
    };
    this.tell(listener, 0);
  }

  tell(listener: AnswerListener<T>, index: number): void {
    this.#listener = listener;
    this.#index = index;
    this.#tellLate?.();
  }

  /**
   * The server's reply to it, or to a batch of which it was one.
   *
   * @param script what gave it, if it was one.
   */
  onReply(reply: unknown, script?: Script): void {
    if (reply instanceof Error) {
      this.fail(reply);
      return;
    }
    let answer: T;
    try {
      answer = this.call.decode(reply);
    } catch (error) {
      if (error instanceof NoVote && script !== undefined) this.tryAgain(error, script);
      else this.fail(error);
      return;
    }
    this.succeed(answer);
  }

  /** The server did not vote, or does not know the script. */
  tryAgain(why: NoVote, tried: Script): void {
    this.#recover(this.call, why, tried).then(
      (answer) => this.succeed(answer),
      (error: unknown) => this.fail(error),
    );
  }

  succeed(answer: T): void {
    if (this.#listener === undefined) this.#tellLate = () => this.succeed(answer);
    else this.#listener.onAnswer(this.#index, answer);
  }

  fail(error: unknown): void {
    if (this.#listener === undefined) this.#tellLate = () => this.fail(error);
    else this.#listener.onFailure(this.#index, nodeError(error));
  }
}
