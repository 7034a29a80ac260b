import type { ScriptArgument } from "./ioredis.ts";

/** A command in the Redis protocol. */
export function encode(parts: readonly ScriptArgument[]): string | Buffer {
  if (parts.some((part) => typeof part === "object")) return encodeBytes(parts);
  let text = `*${parts.length}\r\n`;
  for (const part of parts) {
    const argument = String(part);
    text += `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`;
  }
  return text;
}

function encodeBytes(parts: readonly ScriptArgument[]): Buffer {
  const chunks = parts.map((part) => {
    const bytes = typeof part === "object" ? part : Buffer.from(String(part));
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
  });
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...chunks]);
}

/** Who hears what became of a command. */
export interface ReplyListener {
  onReply(reply: unknown): void;
  onError(error: Error): void;
}

/**
 * A script call that ioredis sends as it is: what its `sendCommand` and its reply queue ask of a
 * `Command`, in versions 5 and 6, without a promise and an encoding of its own for every server.
 * Replies come as the decoder makes them, strings as buffers.
 */
export class EncodedCommand {
  /** By its name ioredis knows how to treat it; of its arguments it needs to know nothing. */
  declare readonly name: string;
  declare readonly args: readonly string[];
  /** It does not appear in traces: its arguments prove who holds a lock. */
  declare readonly isTraced: boolean;
  declare readonly promise: Promise<void>;
  readonly #wire: string | Buffer;
  readonly #listener: ReplyListener;

  constructor(wire: string | Buffer, listener: ReplyListener) {
    this.#wire = wire;
    this.#listener = listener;
  }

  static {
    // The same for all, so not one by one for each.
    const shared = { name: "evalsha", args: [], isTraced: true, promise: Promise.resolve() };
    Object.assign(this.prototype, shared);
  }

  resolve(reply: unknown): void {
    this.#listener.onReply(reply);
  }

  reject(error: Error): void {
    this.#listener.onError(error);
  }

  toWritable(): string | Buffer {
    return this.#wire;
  }

  setReplyContext(): void {}
}
