import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { leastKeptMs, retentionMs, type Terms } from "../quorum/entry.ts";
import { entryKeyOf, keyOf } from "./key.ts";
import { answerOf, inspectionOf, letterOf, whoText, type NodeInspection } from "./reply.ts";
import { encoded, type Body } from "./encoded-command.ts";
import { scriptCall, type ScriptArguments, type ScriptCall } from "./script-call.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/**
 * The votes of one quorum as script calls. A round sends the same call to one node after the other, so
 * the last one is kept: it is put together once, not once for each node.
 */
export class ScriptCalls {
  readonly #keyPrefix: string;
  readonly #retentionMs: number;
  #last: VoteCall | undefined;

  constructor(keyPrefix: string, terms: Terms) {
    this.#keyPrefix = keyPrefix;
    this.#retentionMs = retentionMs(terms);
  }

  get entryKey(): Buffer {
    return entryKeyOf(this.#keyPrefix);
  }

  acquire(claim: Claim, ttlMs: number, ballot: number): ScriptCall<NodeAnswer> {
    return (
      this.#known("acquire", claim, ttlMs, ballot) ??
      this.#keep("acquire", claim, ttlMs, ballot, this.#acquireValues(claim, ttlMs, ballot))
    );
  }

  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): ScriptCall<NodeAnswer> {
    const { fencingToken, sentAtUs } = terms;
    const known = this.#known("extend", claim, ttlMs, sentAtUs);
    if (known !== undefined) return known;
    const { owner, mode } = claim;
    const values = [owner, ttlMs, fencingToken, sentAtUs, letterOf(mode), whoText(claim)];
    return this.#keep("extend", claim, ttlMs, sentAtUs, values);
  }

  release(claim: Claim, tombstoneMs: number): ScriptCall<NodeAnswer> {
    const ms = Math.ceil(tombstoneMs);
    const known = this.#known("release", claim, ms, 0);
    if (known !== undefined) return known;
    const { owner, mode, waiting, granted } = claim;
    const line = `\n${letterOf(mode)} ${owner} `;
    const gone = waiting?.forMs === 0 ? waiting.id : "";
    const isPlain = granted && gone === "" && ms === 0;
    const values = isPlain ? [line] : [line, ms, gone, granted ? 0 : 1];
    return this.#keep("release", claim, ms, 0, values);
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

  #acquireValues(claim: Claim, ttlMs: number, ballot: number): readonly (string | number)[] {
    const { owner, mode, steal, waiting } = claim;
    const head = mode === "exclusive" ? `quorumlock 1 ${ballot} ${ballot}` : "";
    const line = `${head}\n${letterOf(mode)} ${owner} `;
    const keptMs = Math.max(ttlMs + this.#retentionMs, leastKeptMs) + 1;
    const args = [line, ` ${ttlMs} ${ballot}${whoText(claim)}`, ballot, keptMs];
    if (waiting === undefined && !steal) return args;
    return [...args, waiting?.id ?? "", waiting?.forMs ?? 0, steal ? 1 : 0];
  }

  /** The last call, if it is the same. */
  #known(kind: ScriptKind, claim: Claim, ms: number, us: number): VoteCall | undefined {
    const last = this.#last;
    const isSame = last?.claim === claim && last.kind === kind && last.ms === ms && last.us === us;
    return isSame ? last : undefined;
  }

  #keep(
    kind: ScriptKind,
    claim: Claim,
    ms: number,
    us: number,
    values: readonly (string | number)[],
  ): VoteCall {
    const keys = claim.resources.map((resource) => keyOf(this.#keyPrefix, resource));
    this.#last = new VoteCall(kind, claim, { keys, values }, ms, us);
    return this.#last;
  }
}

/** What a claim asks a node. */
class VoteCall implements ScriptCall<NodeAnswer> {
  readonly kind: ScriptKind;
  readonly claim: Claim;
  readonly keys: ScriptArguments["keys"];
  readonly values: ScriptArguments["values"];
  readonly encodedKeys: string | Buffer;
  readonly encodedValues: string;
  body?: Body;
  /** By these it differs from other calls of the claim. */
  readonly ms: number;
  readonly us: number;

  constructor(
    kind: ScriptKind,
    claim: Claim,
    { keys, values }: ScriptArguments,
    ms: number,
    us: number,
  ) {
    this.kind = kind;
    this.claim = claim;
    this.keys = keys;
    this.values = values;
    this.encodedKeys = encoded(keys);
    this.encodedValues = encoded(values) as string;
    this.ms = ms;
    this.us = us;
  }

  /** A release is always wanted; what it takes back is not any more. */
  isWanted(): boolean {
    return this.kind === "release" || !this.claim.withdrawn;
  }

  decode(reply: unknown): NodeAnswer {
    return answerOf(reply, this.claim.resources);
  }
}

const always = (): boolean => true;
