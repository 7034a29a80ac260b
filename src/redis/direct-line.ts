import { EncodedCommand } from "./encoded-command.ts";
import type { IoredisConnection, IoredisStream } from "./ioredis.ts";

/** Longer numbers than microseconds since 1970 are left to the decoder. */
const mostDigits = 16;

/** With it begins what a server says without being asked. */
const pushByte = 0x3e;

/**
 * The short way through a connected ioredis client: an encoded command is written to its stream and entered
 * into its reply queue, as its `sendCommand` does at last, and replies that are numbers, as nearly all of
 * ours are, are read before its decoder is asked. Whatever is not as expected goes ioredis' own way, and the
 * order stays the same: there is one stream and one queue.
 */
export class DirectLine {
  readonly #client: IoredisConnection;
  /** The stream that is read. */
  #stream: IoredisStream | undefined;

  constructor(client: IoredisConnection) {
    this.#client = client;
  }

  /** @returns whether it was sent; else nothing was. */
  send(command: EncodedCommand): boolean {
    const { status, stream, commandQueue } = this.#client;
    if (status !== "ready" || stream?.writable !== true || commandQueue === undefined) return false;
    if (stream !== this.#stream) this.#read(stream);
    stream.write(command.toWritable());
    commandQueue.push({ command });
    return true;
  }

  /** Comes before the decoder, which is the only listener unless somebody else looks on. */
  #read(stream: IoredisStream): void {
    this.#stream = stream;
    const [decode, ...others] = stream.listeners("data");
    if (decode === undefined || others.length > 0) return;
    const isNothingExpected = (): boolean => this.#client.commandQueue?.length === 0;
    /** Whether the next byte is certain to be the first one of a reply: the decoder has begun none. */
    let isBetweenReplies = isNothingExpected();
    /** Whether something may have been pushed, of which nobody knows where it ends. */
    let isPushed = false;
    stream.on("data", (chunk) => {
      const at = isBetweenReplies ? this.#settleNumbers(chunk) : 0;
      if (at === chunk.length) return;
      const rest = chunk.subarray(at);
      isPushed ||= rest.includes(pushByte);
      // Should it throw, it may have stopped in between.
      isBetweenReplies = false;
      decode.call(stream, rest);
      isBetweenReplies = !isPushed && isNothingExpected();
    });
    stream.off("data", decode);
  }

  /** @returns where the first reply begins that is something else, or is not all there. */
  #settleNumbers(chunk: Uint8Array): number {
    let begin = 0;
    while (chunk[begin] === 0x3a) {
      const isNegative = chunk[begin + 1] === 0x2d;
      const first = isNegative ? begin + 2 : begin + 1;
      let [at, value] = [first, 0];
      for (let byte = chunk[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = chunk[++at] ?? 0)
        value = value * 10 + (byte - 0x30);
      const isWhole = chunk[at] === 0x0d && chunk[at + 1] === 0x0a;
      if (!isWhole || at === first || at - first > mostDigits) break;
      const { commandQueue } = this.#client;
      const command = commandQueue?.peekFront()?.command;
      if (!(command instanceof EncodedCommand)) break;
      commandQueue?.shift();
      settle(command, isNegative ? -value : value);
      begin = at + 2;
    }
    return begin;
  }
}

/** What goes wrong in there is not to keep others from their replies. */
function settle(command: EncodedCommand, value: number): void {
  try {
    command.resolve(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
