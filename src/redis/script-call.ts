import { encode } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import type { Script } from "./script/script.ts";

/** One script call and what becomes of its reply. The same object may go to many servers. */
export interface ScriptCall<T> {
  readonly script: Script;
  /** What follows the script: the number of keys, the keys, the other arguments. */
  readonly args: readonly ScriptArgument[];
  /** The whole call by the script's SHA-1, as it goes over the wire. */
  readonly wire: string | Buffer;
  /** Asked before anything is sent, if that is not at once. */
  readonly isWanted: () => boolean;
  /** @param reply strings in it are strings or buffers. */
  readonly decode: (reply: unknown) => T;
}

export function scriptCall<T>(
  script: Script,
  args: readonly ScriptArgument[],
  isWanted: () => boolean,
  decode: (reply: unknown) => T,
): ScriptCall<T> {
  return { script, args, wire: encode("EVALSHA", script.sha, args), isWanted, decode };
}
