import { encodeTail } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/** One script call and what becomes of its reply. The same object may go to many servers. */
export interface ScriptCall<T> {
  readonly kind: ScriptKind;
  /** What follows the script: the number of keys, the keys, the other arguments. */
  readonly args: readonly ScriptArgument[];
  /** The same as it goes over the wire. */
  readonly tail: string | Buffer;
  /** Asked before anything is sent, if that is not at once. */
  readonly isWanted: () => boolean;
  /** @param reply strings in it are strings or buffers. */
  readonly decode: (reply: unknown) => T;
}

export function scriptCall<T>(
  kind: ScriptKind,
  args: readonly ScriptArgument[],
  isWanted: () => boolean,
  decode: (reply: unknown) => T,
): ScriptCall<T> {
  return { kind, args, tail: encodeTail(args), isWanted, decode };
}
