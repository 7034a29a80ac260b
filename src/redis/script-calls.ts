import type { Claim } from "../core/claim.ts";
import type { NodeAnswer } from "../quorum/lock-node.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { keyOf } from "./key.ts";
import { answerOf, letterOf, whoText } from "./reply.ts";
import { scriptCall, type ScriptCall } from "./script-call.ts";
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
    const ms = Math.ceil(tombstoneMs);
    return this.#kept(releaseScript, claim, ms) ?? this.#keep(releaseScript, claim, ms);
  }

  /** A call that reads or writes one resource, whoever holds it. */
  of<T>(
    script: Script,
    [resource, ...args]: readonly [string, ...string[]],
    decode: (reply: unknown) => T,
  ): ScriptCall<T> {
    const all = [1, keyOf(this.#keyPrefix, resource), ...args];
    return scriptCall(script, all, () => true, decode);
  }

  #kept(script: Script, claim: Claim, ms: number): ScriptCall<NodeAnswer> | undefined {
    const isSame = this.#lastClaim === claim && this.#last?.script === script;
    return isSame && this.#lastMs === ms ? this.#last : undefined;
  }

  #keep(script: Script, claim: Claim, ms: number): ScriptCall<NodeAnswer> {
    const { resources } = claim;
    const args: ScriptArgument[] = [resources.length];
    for (const resource of resources) args.push(keyOf(this.#keyPrefix, resource));
    pushArguments(args, script, claim, ms);
    // A release is always wanted; what it takes back is not any more.
    const isWanted = (): boolean => script === releaseScript || !claim.withdrawn;
    const call = scriptCall(script, args, isWanted, (reply) => answerOf(reply, resources));
    this.#lastClaim = claim;
    this.#lastMs = ms;
    this.#last = call;
    return call;
  }
}

function pushArguments(args: ScriptArgument[], script: Script, claim: Claim, ms: number): void {
  const { owner, mode, steal, waiting } = claim;
  if (script === extendScript) args.push(owner, ms);
  else if (script === releaseScript) {
    args.push(owner, `\n${letterOf(mode)} ${owner} `, ms);
    if (waiting?.forMs === 0) args.push(waiting.id);
  } else {
    args.push(`${letterOf(mode)} ${owner} `, ms, ` ${ms}${whoText(claim)}`);
    if (waiting !== undefined || steal) {
      args.push(waiting?.id ?? "", waiting?.forMs ?? 0, steal ? 1 : 0);
    }
  }
}
