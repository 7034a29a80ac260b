import { argumentsOf, type ScriptArguments, type ScriptCall } from "./script-call.ts";
import { EncodedCommand, encodedCall, encodedCalls, packed } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { NoVote } from "../quorum/no-vote.ts";
import type { Script } from "./script/script.ts";
import type { Sending } from "./sending.ts";

/** Who sent it. */
export interface Sender {
  /** Told how many calls have been answered, or will never be. */
  settled(count: number, isAnswer: boolean): void;
  /** Sends a call whose shortcut does not do. */
  sendWhole(script: Script, sending: Sending<unknown>): void;
}

/** A call on its way, or several that travel together. */
export abstract class Sent extends EncodedCommand {
  readonly script: Script;
  protected readonly sender: Sender;

  constructor(script: Script, sender: Sender) {
    super();
    this.script = script;
    this.sender = sender;
  }

  abstract get sendings(): readonly Sending<unknown>[];
  protected abstract get packing(): ScriptArguments;

  /** For versions of ioredis that do not take the encoded command. */
  get arguments(): ScriptArgument[] {
    return argumentsOf(this.packing);
  }

  override reject(error: Error): void {
    const { sendings, script } = this;
    this.sender.settled(sendings.length, error.name === "ReplyError");
    const isUnknown = error.message.startsWith("NOSCRIPT");
    for (const sending of sendings) {
      if (isUnknown) sending.tryAgain(new NoVote(), script);
      else sending.fail(error);
    }
  }
}

export class SentCall extends Sent {
  readonly #sending: Sending<unknown>;

  constructor(script: Script, sending: Sending<unknown>, sender: Sender) {
    super(script, sender);
    this.#sending = sending;
  }

  override get sendings(): readonly Sending<unknown>[] {
    return [this.#sending];
  }

  override toWritable(): string | Buffer {
    return encodedCall(this.script, this.#sending.call);
  }

  override resolve(reply: unknown): void {
    this.sender.settled(1, true);
    this.#sending.onReply(reply, this.script);
  }

  protected override get packing(): ScriptArguments {
    return this.#sending.call;
  }
}

/** A call by its shortcut. Where that does not do, the call itself follows. */
export class SentShortcut extends EncodedCommand {
  readonly #script: Script;
  readonly #sending: Sending<unknown>;
  readonly #sender: Sender;

  static {
    Object.assign(this.prototype, { name: "hdel" });
  }

  /** @param script what runs the call itself. */
  constructor(script: Script, sending: Sending<unknown>, sender: Sender) {
    super();
    this.#script = script;
    this.#sending = sending;
    this.#sender = sender;
  }

  override toWritable(): string | Buffer {
    return this.#sending.call.shortcut ?? "";
  }

  override resolve(reply: unknown): void {
    this.#sender.settled(1, true);
    if (reply === 1) this.#sending.onReply(reply);
    else this.#sender.sendWhole(this.#script, this.#sending);
  }

  /** The script says what is wrong. */
  override reject(error: Error): void {
    const isAnswer = error.name === "ReplyError";
    this.#sender.settled(1, isAnswer);
    if (isAnswer) this.#sender.sendWhole(this.#script, this.#sending);
    else this.#sending.fail(error);
  }
}

export class SentBatch extends Sent {
  override readonly sendings: readonly Sending<unknown>[];

  constructor(script: Script, sendings: readonly Sending<unknown>[], sender: Sender) {
    super(script, sender);
    this.sendings = sendings;
  }

  override toWritable(): string | Buffer {
    return encodedCalls(this.script, this.#calls);
  }

  override resolve(reply: unknown): void {
    const { sendings, script } = this;
    const [first] = sendings;
    this.sender.settled(sendings.length, true);
    if (first !== undefined && typeof reply === "number") {
      // The same for all of them.
      const answer = first.call.decode(reply);
      for (const sending of sendings) sending.succeed(answer);
      return;
    }
    // A node that does not vote says so once, for all of them.
    const isList = Array.isArray(reply) && reply[0] !== 0;
    for (const [index, sending] of sendings.entries())
      sending.onReply(isList ? (reply as unknown[])[index] : reply, script);
  }

  protected override get packing(): ScriptArguments {
    return packed(this.#calls);
  }

  get #calls(): readonly ScriptCall<unknown>[] {
    return this.sendings.map(({ call }) => call);
  }
}
