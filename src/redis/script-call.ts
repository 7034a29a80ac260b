import type { ScriptArgument } from "./ioredis.ts";
import type { Script } from "./script/script.ts";

/** One script call and what becomes of its reply. The same object may go to many servers. */
export interface ScriptCall<T> {
  readonly script: Script;
  /** What follows the script: the number of keys, the keys, the other arguments. */
  readonly args: readonly [keyCount: number, ...ScriptArgument[]];
  /** The whole call by the script's SHA-1, as it goes over the wire. */
  readonly wire: string | Buffer;
  /** Asked before anything is sent, if that is not at once. */
  readonly isWanted: () => boolean;
  /** @param reply strings in it are strings or buffers. */
  readonly decode: (reply: unknown) => T;
}
