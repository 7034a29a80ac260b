import { EncodedCommand } from "./encoded-command.ts";
import type { IoredisConnection, ScriptArgument } from "./ioredis.ts";
import { nodeError } from "./node-error.ts";
import { NoVote } from "../quorum/no-vote.ts";
import type { ScriptCall } from "./script-call.ts";
import type { Script } from "./script/script.ts";
import type { StallWatch } from "./stall-watch.ts";

/** What is done when the server does not know the script, or did not vote. */
export type Recover = <T>(call: ScriptCall<T>, why: NoVote) => Promise<T>;

/** Sends to one server, at once. All that a process sends to a node passes through here. */
export class Wire {
  readonly #client: IoredisConnection;
  readonly #watch: StallWatch;
  /** Whether this version of ioredis takes {@link EncodedCommand}; if not, its own way is as good. */
  #isEncoding = true;

  constructor(client: IoredisConnection, watch: StallWatch) {
    this.#client = client;
    this.#watch = watch;
  }

  /** @throws {NodeError} */
  info(): Promise<string> {
    return this.#watched(this.#client.info());
  }

  /** Makes the server know scripts, without running them. */
  async load(scripts: readonly Script[]): Promise<void> {
    const loading = scripts.map(({ text }) => this.#watched(this.#client.script("LOAD", text)));
    await Promise.all(loading);
  }

  /** @throws {NodeError} */
  runText({ text }: Script, args: readonly ScriptArgument[]): Promise<unknown> {
    return this.#watched(this.#client.eval(text, ...args));
  }

  /** @throws {NodeError} */
  run<T>(call: ScriptCall<T>, script: Script, recover: Recover): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#watch.sent();
      this.#send(
        call,
        script,
        new SentCall({ call, script, recover, wire: this, resolve, reject }),
      );
    });
  }

  #send<T>(call: ScriptCall<T>, script: Script, sent: SentCall<T>): void {
    if (this.#isEncoding) {
      try {
        this.#client.sendCommand(sent);
        return;
      } catch {
        this.#isEncoding = false;
      }
    }
    const reply = this.#client.evalsha(script.sha, ...call.args);
    reply.then(
      (answer) => sent.resolve(answer),
      (error: Error) => sent.reject(error),
    );
  }

  /** A call has been answered, one way or the other. */
  answered(): void {
    this.#watch.answered();
  }

  async #watched<T>(reply: Promise<T>): Promise<T> {
    this.#watch.sent();
    try {
      return await reply;
    } catch (error) {
      throw nodeError(error);
    } finally {
      this.#watch.answered();
    }
  }
}

interface Sending<T> {
  readonly call: ScriptCall<T>;
  readonly script: Script;
  readonly recover: Recover;
  readonly wire: Wire;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (error: Error) => void;
}

/** A call on its way, and who waits for it. */
class SentCall<T> extends EncodedCommand {
  readonly #sending: Sending<T>;

  constructor(sending: Sending<T>) {
    const { call, script } = sending;
    super(`*${call.args.length + 2}\r\n${script.head}`, call.tail);
    this.#sending = sending;
  }

  override resolve(reply: unknown): void {
    const { call, recover, wire, resolve, reject } = this.#sending;
    wire.answered();
    try {
      resolve(call.decode(reply));
    } catch (error) {
      if (error instanceof NoVote) resolve(recover(call, error));
      else reject(nodeError(error));
    }
  }

  override reject(error: Error): void {
    const { call, recover, wire, resolve, reject } = this.#sending;
    wire.answered();
    if (error.message.startsWith("NOSCRIPT")) resolve(recover(call, new NoVote()));
    else reject(nodeError(error));
  }
}
