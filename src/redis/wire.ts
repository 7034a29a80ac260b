import { NodeError } from "../quorum/lock-node.ts";
import { EncodedCommand, type ReplyListener } from "./encoded-command.ts";
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
      const onReply = (reply: unknown): void => {
        this.#watch.answered();
        resolve(call.decode(reply));
      };
      const onError = (error: Error): void => {
        this.#watch.answered();
        if (error.message.startsWith("NOSCRIPT")) resolve(this.#runText(call));
        else reject(nodeError(error));
      };
      if (!this.#sendEncoded(call.wire, { onReply, onError })) {
        this.#client.evalsha(call.script.sha, ...call.args).then(onReply, onError);
      }
    });
  }

  #sendEncoded(wire: string | Buffer, listener: ReplyListener): boolean {
    if (!this.#isEncoding) return false;
    try {
      this.#client.sendCommand(new EncodedCommand(wire, listener));
      return true;
    } catch {
      this.#isEncoding = false;
      return false;
    }
  }

  /** For a server that was restarted or has flushed its scripts: from now on it knows this one. */
  async #runText<T>({ script, args, isWanted, decode }: ScriptCall<T>): Promise<T> {
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
