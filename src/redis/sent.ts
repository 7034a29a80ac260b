import { argumentsOf, type ScriptArguments, type ScriptCall } from "./script-call.ts";
import { EncodedCommand, encodedCall, encodedCalls, packed } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { nodeError } from "./node-error.ts";
import { NoVote } from "../quorum/no-vote.ts";
import type { Script } from "./script/script.ts";

/** What is done when the server does not know the script, or did not vote. */
export type Recover = <T>(call: ScriptCall<T>, why: NoVote, tried: Script) => Promise<T>;

/** A call and who waits for its reply. */
export interface Sending {
  readonly call: ScriptCall<unknown>;
  readonly recover: Recover;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A call on its way, or several that travel together. */
export abstract class Sent extends EncodedCommand {
  readonly script: Script;
  readonly #onAnswer: (count: number) => void;

  constructor(script: Script, onAnswer: (count: number) => void) {
    super();
    this.script = script;
    this.#onAnswer = onAnswer;
  }

  abstract get sendings(): readonly Sending[];
  protected abstract get packing(): ScriptArguments;
  protected abstract repliesOf(reply: unknown): readonly unknown[];

  /** For versions of ioredis that do not take the encoded command. */
  get arguments(): ScriptArgument[] {
    return argumentsOf(this.packing);
  }

  override resolve(reply: unknown): void {
    const { sendings, script } = this;
    this.#onAnswer(sendings.length);
    const replies = this.repliesOf(reply);
    for (const [index, sending] of sendings.entries()) settle(sending, replies[index], script);
  }

  override reject(error: Error): void {
    const { sendings, script } = this;
    this.#onAnswer(sendings.length);
    const isUnknown = error.message.startsWith("NOSCRIPT");
    for (const { call, recover, resolve, reject } of sendings) {
      if (isUnknown) resolve(recover(call, new NoVote(), script));
      else reject(nodeError(error));
    }
  }
}

export class SentCall extends Sent {
  readonly #sending: Sending;

  constructor(script: Script, sending: Sending, onAnswer: (count: number) => void) {
    super(script, onAnswer);
    this.#sending = sending;
  }

  override get sendings(): readonly Sending[] {
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

export class SentBatch extends Sent {
  override readonly sendings: readonly Sending[];

  constructor(script: Script, sendings: readonly Sending[], onAnswer: (count: number) => void) {
    super(script, onAnswer);
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

function settle({ call, recover, resolve, reject }: Sending, reply: unknown, script: Script): void {
  try {
    if (reply instanceof Error) throw reply;
    resolve(call.decode(reply));
  } catch (error) {
    if (error instanceof NoVote) resolve(recover(call, error, script));
    else reject(nodeError(error));
  }
}
