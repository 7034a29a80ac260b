import type { Claim } from "../core/claim.ts";
import type { NodeAnswer } from "../quorum/lock-node.ts";
import { encode } from "./encoded-command.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { keyOf } from "./key.ts";
import { answerOf, letterOf, whoText } from "./reply.ts";
import type { ScriptCall } from "./script-call.ts";
import { acquireScript } from "./script/acquire.ts";
import { extendScript } from "./script/extend.ts";
import { releaseScript } from "./script/release.ts";
import type { Script } from "./script/script.ts";

/**
 * The votes of one quorum as script calls. A round sends the same call to one node after the other, so
 * the last one is kept: it is put together once, not once for each node.
 */
export class ScriptCalls {
  readonly #keyPrefix: string;
  #last: ScriptCall<NodeAnswer> | undefined;
  #lastClaim: Claim | undefined;
  #lastMs = 0;

  constructor(keyPrefix: string) {
    this.#keyPrefix = keyPrefix;
  }

  acquire(claim: Claim, ttlMs: number): ScriptCall<NodeAnswer> {
    return this.#kept(acquireScript, claim, ttlMs) ?? this.#keep(acquireScript, claim, ttlMs);
  }

  extend(claim: Claim, ttlMs: number): ScriptCall<NodeAnswer> {
    return this.#kept(extendScript, claim, ttlMs) ?? this.#keep(extendScript, claim, ttlMs);
  }

  release(claim: Claim, tombstoneMs: number): ScriptCall<NodeAnswer> {
    return (
      this.#kept(releaseScript, claim, tombstoneMs) ?? this.#keep(releaseScript, claim, tombstoneMs)
    );
  }

  /** A call that reads or writes one resource, whoever holds it. */
  of<T>(script: Script, resource: string, decode: (reply: unknown) => T): ScriptCall<T> {
    return scriptCall(script, [1, keyOf(this.#keyPrefix, resource)], () => true, decode);
  }

  #kept(script: Script, claim: Claim, ms: number): ScriptCall<NodeAnswer> | undefined {
    const isSame = this.#lastClaim === claim && this.#last?.script === script;
    return isSame && this.#lastMs === ms ? this.#last : undefined;
  }

  #keep(script: Script, claim: Claim, ms: number): ScriptCall<NodeAnswer> {
    const { resources } = claim;
    const keys = resources.map((resource) => keyOf(this.#keyPrefix, resource));
    const call = scriptCall(
      script,
      [keys.length, ...keys, ...argumentsOf(script, claim, ms)],
      // A release is always wanted; what it takes back is not any more.
      () => script === releaseScript || !claim.withdrawn,
      (reply) => answerOf(reply, resources),
    );
    this.#lastClaim = claim;
    this.#lastMs = ms;
    this.#last = call;
    return call;
  }
}

function scriptCall<T>(
  script: Script,
  args: ScriptCall<T>["args"],
  isWanted: () => boolean,
  decode: (reply: unknown) => T,
): ScriptCall<T> {
  return { script, args, wire: encode(["EVALSHA", script.sha, ...args]), isWanted, decode };
}

function argumentsOf(script: Script, claim: Claim, ms: number): ScriptArgument[] {
  const { owner, mode, steal, waiting } = claim;
  if (script === extendScript) return [owner, ms];
  if (script === releaseScript) return [owner, letterOf(mode), Math.ceil(ms)];
  const line = [`${letterOf(mode)} ${owner} `, ms, ` ${ms}${whoText(claim)}`];
  if (waiting === undefined && !steal) return line;
  return [...line, waiting?.id ?? "", waiting?.forMs ?? 0, steal ? 1 : 0];
}
