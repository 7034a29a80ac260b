import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { leavingId, placeOf, type NextPlace } from "../quorum/place.ts";
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

  /** Beside the keys, so that one rule lets a user at both; without what cannot stand in a line. */
  channelOf(name: string): string {
    const prefix = this.#keyPrefix;
    return `${/^[!-~]*$/.test(prefix) ? prefix : encodeURIComponent(prefix.toWellFormed())}wake:${name}`;
  }

  /** @param channel where this process is told by the node, if it is. */
  acquire(claim: Claim, ttlMs: number, ballot: number, channel?: string): ScriptCall<NodeAnswer> {
    return (
      this.#known("acquire", claim, ttlMs, ballot, channel) ??
      this.#keep(
        "acquire",
        claim,
        ttlMs,
        ballot,
        this.#acquireValues(claim, ttlMs, ballot, channel),
        channel,
      )
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

  /** @param next who takes its place in the queue, and where that is. */
  release(claim: Claim, tombstoneMs: number, next?: NextPlace): ScriptCall<NodeAnswer> {
    const ms = Math.ceil(tombstoneMs);
    const known = this.#known("release", claim, ms, 0, next?.claim);
    if (known !== undefined) return known;
    const values = releaseValues(claim, ms, next);
    return this.#keep("release", claim, ms, 0, values, next?.claim);
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

  #acquireValues(
    claim: Claim,
    ttlMs: number,
    ballot: number,
    channel: string | undefined,
  ): readonly (string | number)[] {
    const { owner, mode, steal } = claim;
    const head = mode === "exclusive" ? `quorumlock 1 ${ballot} ${ballot}` : "";
    const line = `${head}\n${letterOf(mode)} ${owner} `;
    const keptMs = Math.max(ttlMs + this.#retentionMs, leastKeptMs) + 1;
    const args = [line, ` ${ttlMs} ${ballot}${whoText(claim)}`, ballot, keptMs];
    const place = placeOf(claim, ballot, channel);
    if (place === undefined) return steal ? [...args, "", 0, 1] : args;
    const { id, forMs, since = "" } = place;
    return [...args, id, forMs, steal ? 1 : 0, since, place.channel];
  }

  /** The last call, if it is the same. */
  #known(
    kind: ScriptKind,
    claim: Claim,
    ms: number,
    us: number,
    more?: unknown,
  ): VoteCall | undefined {
    const last = this.#last;
    const isSame = last?.claim === claim && last.kind === kind && last.ms === ms && last.us === us;
    return isSame && last.more === more ? last : undefined;
  }

  #keep(
    kind: ScriptKind,
    claim: Claim,
    ms: number,
    us: number,
    values: readonly (string | number)[],
    more?: unknown,
  ): VoteCall {
    const keys = claim.resources.map((resource) => keyOf(this.#keyPrefix, resource));
    this.#last = new VoteCall(kind, claim, { keys, values }, ms, us, more);
    return this.#last;
  }
}

function releaseValues(
  claim: Claim,
  ms: number,
  next: NextPlace | undefined,
): readonly (string | number)[] {
  const { owner, mode, granted } = claim;
  const begin = `\n${letterOf(mode)} ${owner} `;
  const gone = leavingId(claim) ?? "";
  if (next === undefined && granted && gone === "" && ms === 0) return [begin];
  const values = [begin, ms, gone, granted ? 0 : 1];
  if (next === undefined) return values;
  const { id, forMs, since = 0, channel } = next.place;
  const line = [next.isToBeTold ? "w" : "n", id, forMs, letterOf(next.claim.mode)];
  return [...values, ...line, since, channel];
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
  readonly more: unknown;

  constructor(
    kind: ScriptKind,
    claim: Claim,
    { keys, values }: ScriptArguments,
    ms: number,
    us: number,
    more: unknown,
  ) {
    this.kind = kind;
    this.claim = claim;
    this.keys = keys;
    this.values = values;
    this.encodedKeys = encoded(keys);
    this.encodedValues = encoded(values) as string;
    this.ms = ms;
    this.us = us;
    this.more = more;
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
