import { argumentsOf, type ScriptArguments, type ScriptCall } from "./script-call.ts";
import { EncodedCommand, encodedCall, encodedCalls, packed } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { NoVote } from "../quorum/no-vote.ts";
import type { Script } from "./script/script.ts";
import type { Sending } from "./sending.ts";

/** Told how many calls have been answered, or will never be. */
export type OnSettled = (count: number, isAnswer: boolean) => void;

/** A call on its way, or several that travel together. */
export abstract class Sent extends EncodedCommand {
  readonly script: Script;
  readonly #onSettled: OnSettled;

  constructor(script: Script, onSettled: OnSettled) {
    super();
    this.script = script;
    this.#onSettled = onSettled;
  }

  abstract get sendings(): readonly Sending<unknown>[];
  protected abstract get packing(): ScriptArguments;
  protected abstract repliesOf(reply: unknown): readonly unknown[];

  /** For versions of ioredis that do not take the encoded command. */
  get arguments(): ScriptArgument[] {
    return argumentsOf(this.packing);
  }

  override resolve(reply: unknown): void {
    const { sendings, script } = this;
    this.#onSettled(sendings.length, true);
    const [first, second] = sendings;
    if (first !== undefined && second !== undefined && typeof reply === "number") {
      // The same for all of them.
      const answer = first.call.decode(reply);
      for (const sending of sendings) sending.succeed(answer);
      return;
    }
    const replies = this.repliesOf(reply);
    for (let index = 0; index < sendings.length; index++)
      sendings[index]?.onReply(replies[index], script);
  }

  override reject(error: Error): void {
    const { sendings, script } = this;
    this.#onSettled(sendings.length, error.name === "ReplyError");
    const isUnknown = error.message.startsWith("NOSCRIPT");
    for (const sending of sendings) {
      if (isUnknown) sending.tryAgain(new NoVote(), script);
      else sending.fail(error);
    }
  }
}

export class SentCall extends Sent {
  readonly #sending: Sending<unknown>;

  constructor(script: Script, sending: Sending<unknown>, onSettled: OnSettled) {
    super(script, onSettled);
    this.#sending = sending;
  }

  override get sendings(): readonly Sending<unknown>[] {
    return [this.#sending];
  }

  override toWritable(): string | Buffer {
    return encodedCall(this.script, this.#sending.call);
  }

  protected override get packing(): ScriptArguments {
    return this.#sending.call;
  }

  protected override repliesOf(reply: unknown): readonly unknown[] {
    return [reply];
  }
}

/** A call by its shortcut. Where that does not do, the call itself follows. */
export class SentShortcut extends EncodedCommand {
  readonly #sending: Sending<unknown>;
  readonly #onSettled: OnSettled;
  readonly #sendWhole: () => void;

  static {
    Object.assign(this.prototype, { name: "hdel" });
  }

  constructor(sending: Sending<unknown>, onSettled: OnSettled, sendWhole: () => void) {
    super();
    this.#sending = sending;
    this.#onSettled = onSettled;
    this.#sendWhole = sendWhole;
  }

  override toWritable(): string | Buffer {
    return this.#sending.call.shortcut ?? "";
  }

  override resolve(reply: unknown): void {
    this.#onSettled(1, true);
    if (reply === 1) this.#sending.onReply(reply);
    else this.#sendWhole();
  }

  /** The script says what is wrong. */
  override reject(error: Error): void {
    const isAnswer = error.name === "ReplyError";
    this.#onSettled(1, isAnswer);
    if (isAnswer) this.#sendWhole();
    else this.#sending.fail(error);
  }
}

export class SentBatch extends Sent {
  override readonly sendings: readonly Sending<unknown>[];

  constructor(script: Script, sendings: readonly Sending<unknown>[], onSettled: OnSettled) {
    super(script, onSettled);
    this.sendings = sendings;
  }

  override toWritable(): string | Buffer {
    return encodedCalls(this.script, this.#calls);
  }

  protected override get packing(): ScriptArguments {
    return packed(this.#calls);
  }

  /** A node that does not vote says so once, for all of them. */
  protected override repliesOf(reply: unknown): readonly unknown[] {
    if (Array.isArray(reply) && reply[0] !== 0) return reply;
    return this.sendings.map(() => reply);
  }

  get #calls(): readonly ScriptCall<unknown>[] {
    return this.sendings.map(({ call }) => call);
  }
}
