import type { ScriptArgument } from "./ioredis.ts";
import type { ScriptArguments, ScriptCall } from "./script-call.ts";
import type { Script } from "./script/script.ts";

/** Parts of a command in the Redis protocol; a buffer when one of them is one. */
export function encoded(parts: readonly ScriptArgument[]): string | Buffer {
  let text = "";
  for (const part of parts) {
    if (typeof part === "object") return Buffer.concat(parts.map(bytes));
    text += bulk(String(part));
  }
  return text;
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function bytes(part: ScriptArgument): Buffer {
  if (typeof part !== "object") return Buffer.from(bulk(String(part)));
  return Buffer.concat([Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n")]);
}

/** A command of its own, without a script. */
export function encodedCommand(parts: readonly ScriptArgument[]): string | Buffer {
  return joined([`*${parts.length}\r\n`, encoded(parts)]);
}

/** One call, as the server gets it. */
export function encodedCall(script: Script, call: ScriptCall<unknown>): string | Buffer {
  const { keys, own, shared } = call;
  const head = `*${3 + keys.length + own.length + shared.length}\r\n${script.head}`;
  // It is kept with the call: the next server is asked the same.
  call.tail ??= tailOf(call);
  return typeof call.tail === "string" ? head + call.tail : joined([head, call.tail]);
}

function tailOf({
  keys,
  encodedKeys,
  encodedOwn,
  encodedShared,
}: ScriptCall<unknown>): string | Buffer {
  return joined([bulk(`${keys.length}`), encodedKeys, encodedOwn, encodedShared]);
}

/** What a batch says to every server alike: all but the script. */
export interface Body {
  readonly calls: readonly ScriptCall<unknown>[];
  readonly partCount: number;
  readonly bytes: Buffer;
}

/** Many calls as one: all keys, then the values of each call, as the script for many has them. */
export function encodedCalls(script: Script, calls: readonly ScriptCall<unknown>[]): Buffer {
  const { partCount, bytes } = bodyOf(calls);
  return Buffer.concat([Buffer.from(`*${2 + partCount}\r\n${script.head}`, "latin1"), bytes]);
}

/** It is kept with the first call, for the next server. */
function bodyOf(calls: readonly ScriptCall<unknown>[]): Body {
  const [first] = calls;
  const known = first?.body;
  if (known !== undefined && isSame(known.calls, calls)) return known;
  const body = encodedBody(calls);
  if (first !== undefined) first.body = body;
  return body;
}

function encodedBody(calls: readonly ScriptCall<unknown>[]): Body {
  const keys: (string | Buffer)[] = [];
  let values = "";
  let [keyCount, valueCount] = [0, 0];
  for (const [first, ...others] of groups(calls)) {
    const { own, shared } = first;
    const [count, groupSize] = [own.length + shared.length, 1 + others.length];
    values += bulk(`${first.keys.length}`) + bulk(`${count}`) + bulk(`${groupSize}`);
    values += first.encodedOwn + first.encodedShared;
    keys.push(first.encodedKeys);
    for (const { encodedOwn, encodedKeys } of others) {
      values += encodedOwn;
      keys.push(encodedKeys);
    }
    keyCount += first.keys.length * groupSize;
    valueCount += 3 + count + own.length * others.length;
  }
  const whole = joined([bulk(`${keyCount}`), ...keys, values]);
  const bytes = typeof whole === "string" ? Buffer.from(whole) : whole;
  return { calls, partCount: 1 + keyCount + valueCount, bytes };
}

type Group = [ScriptCall<unknown>, ...ScriptCall<unknown>[]];

/** Those that come one behind the other and differ by their own values only. */
function groups(calls: readonly ScriptCall<unknown>[]): Group[] {
  const found: Group[] = [];
  let last: Group | undefined;
  for (const call of calls) {
    if (last !== undefined && isAlike(call, last[0])) last.push(call);
    else found.push((last = [call]));
  }
  return found;
}

/** Whether two calls of one kind differ by their own values only. */
function isAlike(call: ScriptCall<unknown>, other: ScriptCall<unknown>): boolean {
  const isOneKey = call.keys.length === 1 && other.keys.length === 1;
  return isOneKey && call.encodedShared === other.encodedShared;
}

function isSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}

/** The same, not encoded. */
export function packed(calls: readonly ScriptArguments[]): ScriptArguments {
  return {
    keys: calls.flatMap(({ keys }) => keys),
    own: calls.flatMap(({ keys, own, shared }) => [
      ...[keys.length, own.length + shared.length, 1, ...own, ...shared],
    ]),
    shared: [],
  };
}

function joined(parts: readonly (string | Buffer)[]): string | Buffer {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/**
 * A command that ioredis sends as it is: what its `sendCommand` and its reply queue ask of a
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

  static {
    // The same for all, so not one by one for each.
    const shared = { name: "evalsha", args: [], isTraced: true, promise: Promise.resolve() };
    Object.assign(this.prototype, shared);
  }

  abstract toWritable(): string | Buffer;
  abstract resolve(reply: unknown): void;
  abstract reject(error: Error): void;

  setReplyContext(): void {}
}
