import { NodeError } from "../quorum/lock-node.ts";
import { EncodedCommand } from "./encoded-command.ts";
import type { IoredisConnection } from "./ioredis.ts";
import { nodeError } from "./node-error.ts";
import type { ScriptCall } from "./script-call.ts";
import type { StallWatch } from "./stall-watch.ts";

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

  /** @throws {NodeError} */
  run<T>(call: ScriptCall<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#watch.sent();
      this.#send(call, new SentCall(call, this, resolve, reject));
    });
  }

  #send<T>(call: ScriptCall<T>, sent: SentCall<T>): void {
    if (this.#isEncoding) {
      try {
        this.#client.sendCommand(sent);
        return;
      } catch {
        this.#isEncoding = false;
      }
    }
    const reply = this.#client.evalsha(call.script.sha, ...call.args);
    reply.then(
      (answer) => sent.resolve(answer),
      (error: Error) => sent.reject(error),
    );
  }

  /** A call has been answered, one way or the other. */
  answered(): void {
    this.#watch.answered();
  }

  /** For a server that was restarted or has flushed its scripts: from now on it knows this one. */
  async runText<T>({ script, args, isWanted, decode }: ScriptCall<T>): Promise<T> {
    if (!isWanted()) throw new NodeError("withdrawn", "was taken back before it was sent again");
    return decode(await this.#watched(this.#client.eval(script.text, ...args)));
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

/** A call on its way, and who waits for it. */
class SentCall<T> extends EncodedCommand {
  readonly #call: ScriptCall<T>;
  readonly #wire: Wire;
  readonly #resolve: (value: T | PromiseLike<T>) => void;
  readonly #reject: (error: NodeError) => void;

  constructor(
    call: ScriptCall<T>,
    wire: Wire,
    resolve: (value: T | PromiseLike<T>) => void,
    reject: (error: NodeError) => void,
  ) {
    super(call.wire);
    this.#call = call;
    this.#wire = wire;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  override resolve(reply: unknown): void {
    this.#wire.answered();
    try {
      this.#resolve(this.#call.decode(reply));
    } catch (error) {
      this.#reject(nodeError(error));
    }
  }

  override reject(error: Error): void {
    this.#wire.answered();
    if (error.message.startsWith("NOSCRIPT")) this.#resolve(this.#wire.runText(this.#call));
    else this.#reject(nodeError(error));
  }
}
