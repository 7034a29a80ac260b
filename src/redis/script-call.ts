import { encoded, type Body } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/** One script call and what becomes of its reply. The same object may go to many servers. */
export interface ScriptCall<T> extends ScriptArguments {
  readonly kind: ScriptKind;
  /** The keys and the values as they go over the wire. */
  readonly encodedKeys: string | Buffer;
  readonly encodedValues: string;
  /** What the last batch says that began with it. */
  body?: Body;
  /** Asked before anything is sent, if that is not at once. */
  isWanted(): boolean;
  /** @param reply strings in it are strings or buffers. */
  decode(reply: unknown): T;
}

export interface ScriptArguments {
  readonly keys: readonly (string | Buffer)[];
  readonly values: readonly (string | number)[];
}

export function scriptCall<T>(
  kind: ScriptKind,
  { keys, values }: ScriptArguments,
  isWanted: () => boolean,
  decode: (reply: unknown) => T,
): ScriptCall<T> {
  const [encodedKeys, encodedValues] = [encoded(keys), encoded(values) as string];
  return { kind, keys, values, encodedKeys, encodedValues, isWanted, decode };
}

/** As `EVAL` and `EVALSHA` want them, behind the script. */
export function argumentsOf({ keys, values }: ScriptArguments): ScriptArgument[] {
  return [keys.length, ...keys, ...values];
}
