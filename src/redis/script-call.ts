import { encoded, type Body } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/** One script call and what becomes of its reply. The same object may go to many servers. */
export interface ScriptCall<T> extends ScriptArguments {
  readonly kind: ScriptKind;
  /** The keys and the values as they go over the wire. */
  readonly encodedKeys: string | Buffer;
  readonly encodedOwn: string;
  readonly encodedShared: string;
  /**
   * A command that does the same in the usual case, as it goes over the wire. It changes nothing unless it
   * answers 1; then the script is what has to be run.
   */
  readonly shortcut?: string | Buffer | undefined;
  /** What it says to every server alike, when it is sent alone. */
  tail?: string | Buffer;
  /** What the last batch says that began with it. */
  body?: Body;
  /** Asked before anything is sent, if that is not at once. */
  isWanted(): boolean;
  /** @param reply strings in it are strings or buffers. */
  decode(reply: unknown): T;
}

export interface ScriptArguments {
  readonly keys: readonly (string | Buffer)[];
  /** Its values: first those that no other call has, as many as the script's rules say. */
  readonly own: readonly ScriptValue[];
  /** Behind them those that other calls may have as well. */
  readonly shared: readonly ScriptValue[];
}

export type ScriptValue = string | number;

export function scriptCall<T>(
  kind: ScriptKind,
  { keys, own, shared }: ScriptArguments,
  isWanted: () => boolean,
  decode: (reply: unknown) => T,
): ScriptCall<T> {
  const encodedValues = {
    encodedOwn: encoded(own) as string,
    encodedShared: encoded(shared) as string,
  };
  const encodedKeys = encoded(keys);
  return { kind, keys, own, shared, encodedKeys, ...encodedValues, isWanted, decode };
}

/** As `EVAL` and `EVALSHA` want them, behind the script. */
export function argumentsOf({ keys, own, shared }: ScriptArguments): ScriptArgument[] {
  return [keys.length, ...keys, ...own, ...shared];
}
