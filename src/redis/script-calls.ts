import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { leastKeptMs, retentionMs, type Terms } from "../quorum/entry.ts";
import { entryKeyOf, keyOf } from "./key.ts";
import { answerOf, inspectionOf, letterOf, whoText, type NodeInspection } from "./reply.ts";
import { scriptCall, type ScriptCall } from "./script-call.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/**
 * The votes of one quorum as script calls. A round sends the same call to one node after the other, so
 * the last one is kept: it is put together once, not once for each node.
 */
export class ScriptCalls {
  readonly #keyPrefix: string;
  readonly #retentionMs: number;
  #last: ScriptCall<NodeAnswer> | undefined;
  #lastClaim: Claim | undefined;
  #lastMs = 0;
  #lastUs = 0;

  constructor(keyPrefix: string, terms: Terms) {
    this.#keyPrefix = keyPrefix;
    this.#retentionMs = retentionMs(terms);
  }

  get entryKey(): Buffer {
    return entryKeyOf(this.#keyPrefix);
  }

  acquire(claim: Claim, ttlMs: number, ballot: number): ScriptCall<NodeAnswer> {
    const { owner, mode, steal, waiting } = claim;
    return this.#vote("acquire", claim, [ttlMs, ballot], () => {
      const head = mode === "exclusive" ? `quorumlock 1 ${ballot} ${ballot}` : "";
      const line = `${head}\n${letterOf(mode)} ${owner} `;
      const keptMs = Math.max(ttlMs + this.#retentionMs, leastKeptMs) + 1;
      const args = [line, ` ${ttlMs} ${ballot}${whoText(claim)}`, ballot, keptMs];
      if (waiting === undefined && !steal) return args;
      return [...args, waiting?.id ?? "", waiting?.forMs ?? 0, steal ? 1 : 0];
    });
  }

  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): ScriptCall<NodeAnswer> {
    const { owner, mode } = claim;
    const { fencingToken, sentAtUs } = terms;
    return this.#vote("extend", claim, [ttlMs, sentAtUs], () => [
      owner,
      ttlMs,
      fencingToken,
      sentAtUs,
      letterOf(mode),
      whoText(claim),
    ]);
  }

  release(claim: Claim, tombstoneMs: number): ScriptCall<NodeAnswer> {
    const { owner, mode, waiting, granted } = claim;
    const ms = Math.ceil(tombstoneMs);
    return this.#vote("release", claim, [ms, 0], () => {
      const line = `\n${letterOf(mode)} ${owner} `;
      const gone = waiting?.forMs === 0 ? waiting.id : "";
      return granted && gone === "" && ms === 0 ? [line] : [line, ms, gone, granted ? 0 : 1];
    });
  }

  forceRelease(resource: string, owners: readonly string[]): ScriptCall<NodeAnswer> {
    const keys = [keyOf(this.#keyPrefix, resource)];
    return scriptCall("forceRelease", { keys, values: owners }, always, (reply) =>
      answerOf(reply, [resource]),
    );
  }

  inspect(resource: string): ScriptCall<NodeInspection | undefined> {
    const keys = [keyOf(this.#keyPrefix, resource), this.entryKey];
    return scriptCall("inspect", { keys, values: [] }, always, inspectionOf);
  }

  #vote(
    kind: ScriptKind,
    claim: Claim,
    [ms, us]: readonly [number, number],
    valuesOf: () => readonly (string | number)[],
  ): ScriptCall<NodeAnswer> {
    const last = this.#last;
    const isSame = this.#lastClaim === claim && last?.kind === kind;
    if (isSame && this.#lastMs === ms && this.#lastUs === us) return last;
    const { resources } = claim;
    const keys = resources.map((resource) => keyOf(this.#keyPrefix, resource));
    // A release is always wanted; what it takes back is not any more.
    const isWanted = (): boolean => kind === "release" || !claim.withdrawn;
    const call = scriptCall(kind, { keys, values: valuesOf() }, isWanted, (reply) =>
      answerOf(reply, resources),
    );
    this.#lastClaim = claim;
    this.#lastMs = ms;
    this.#lastUs = us;
    this.#last = call;
    return call;
  }
}

const always = (): boolean => true;
