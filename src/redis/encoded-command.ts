import type { ScriptArgument } from "./ioredis.ts";

/** What follows the script in the Redis protocol. */
export function encodeTail(args: readonly ScriptArgument[]): string | Buffer {
  let text = "";
  for (const argument of args) {
    if (typeof argument === "object") return encodeBytes(args);
    text += bulk(String(argument));
  }
  return text;
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function encodeBytes(parts: readonly ScriptArgument[]): Buffer {
  const chunks = parts.flatMap((part) => {
    if (typeof part !== "object") return [Buffer.from(bulk(String(part)))];
    return [Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n")];
  });
  return Buffer.concat(chunks);
}

/**
 * A script call that ioredis sends as it is: what its `sendCommand` and its reply queue ask of a
 * `Command`, in versions 5 and 6, without a promise and an encoding of its own for every server.
 * Replies come as the decoder makes them, strings as buffers.
 */
export abstract class EncodedCommand {
  /** By its name ioredis knows how to treat it; of its arguments it needs to know nothing. */
  declare readonly name: string;
  declare readonly args: readonly string[];
  /** It does not appear in traces: its arguments prove who holds a lock. */
  declare readonly isTraced: boolean;
  declare readonly promise: Promise<void>;
  readonly #head: string;
  readonly #tail: string | Buffer;

  constructor(head: string, tail: string | Buffer) {
    this.#head = head;
    this.#tail = tail;
  }

  static {
    // The same for all, so not one by one for each.
    const shared = { name: "evalsha", args: [], isTraced: true, promise: Promise.resolve() };
    Object.assign(this.prototype, shared);
  }

  abstract resolve(reply: unknown): void;
  abstract reject(error: Error): void;

  toWritable(): string | Buffer {
    const tail = this.#tail;
    if (typeof tail === "string") return this.#head + tail;
    return Buffer.concat([Buffer.from(this.#head), tail]);
  }

  setReplyContext(): void {}
}
