import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { leavingId, placeOf, type NextPlace } from "../quorum/place.ts";
import { leastKeptMs, retentionMs, type Terms } from "../quorum/entry.ts";
import { entryKeyOf, keyOf } from "./key.ts";
import { answerOf, inspectionOf, letterOf, whoText, type NodeInspection } from "./reply.ts";
import { encoded, encodedCommand, type Body } from "./encoded-command.ts";
import {
  scriptCall,
  type ScriptArguments,
  type ScriptCall,
  type ScriptValue,
} from "./script-call.ts";
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
        [fieldOf(claim)],
        this.#acquireShared(claim, ttlMs, ballot, channel),
        ttlMs,
        ballot,
        channel,
      )
    );
  }

  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): ScriptCall<NodeAnswer> {
    const { fencingToken, sentAtUs } = terms;
    const known = this.#known("extend", claim, ttlMs, sentAtUs);
    if (known !== undefined) return known;
    const shared = [ttlMs, sentAtUs, whoText(claim), this.#keptMs(ttlMs)];
    return this.#keep("extend", claim, [fieldOf(claim), fencingToken], shared, ttlMs, sentAtUs);
  }

  /** @param next who takes its place in the queue, and where that is. */
  release(claim: Claim, tombstoneMs: number, next?: NextPlace): ScriptCall<NodeAnswer> {
    const ms = Math.ceil(tombstoneMs);
    const known = this.#known("release", claim, ms, 0, next?.claim);
    if (known !== undefined) return known;
    const shared = releaseValues(claim, ms, next);
    return this.#keep("release", claim, [fieldOf(claim)], shared, ms, 0, next?.claim);
  }

  forceRelease(resource: string, owners: readonly string[]): ScriptCall<NodeAnswer> {
    const keys = [keyOf(this.#keyPrefix, resource)];
    return scriptCall("forceRelease", { keys, own: owners, shared: [] }, always, (reply) =>
      answerOf(reply, [resource]),
    );
  }

  inspect(resource: string): ScriptCall<NodeInspection | undefined> {
    const keys = [keyOf(this.#keyPrefix, resource), this.entryKey];
    return scriptCall("inspect", { keys, own: [], shared: [] }, always, inspectionOf);
  }

  #acquireShared(
    claim: Claim,
    ttlMs: number,
    ballot: number,
    channel: string | undefined,
  ): readonly ScriptValue[] {
    const { mode, steal } = claim;
    const head = mode === "exclusive" ? `quorumlock 2 ${ballot} ${ballot} ` : "";
    const tail = ` ${ttlMs} ${ballot}${whoText(claim)}`;
    const shared = [ballot, head, tail, this.#keptMs(ttlMs)];
    const place = placeOf(claim, ballot, channel);
    if (place === undefined) return steal ? [...shared, "", 0, 1] : shared;
    const { id, forMs, since = "" } = place;
    return [...shared, id, forMs, steal ? 1 : 0, since, place.channel];
  }

  /** For how long a record stays at least when somebody holds it for so long. */
  #keptMs(ttlMs: number): number {
    return Math.max(ttlMs + this.#retentionMs, leastKeptMs) + 1;
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
    own: readonly ScriptValue[],
    shared: readonly ScriptValue[],
    ms: number,
    us: number,
    more?: unknown,
  ): VoteCall {
    const keys = claim.resources.map((resource) => keyOf(this.#keyPrefix, resource));
    this.#last = new VoteCall(kind, claim, { keys, own, shared }, ms, us, more);
    return this.#last;
  }
}

/** Where the holder stands in the record. */
function fieldOf({ mode, owner }: Claim): string {
  return `${letterOf(mode)} ${owner}`;
}

function releaseValues(
  claim: Claim,
  ms: number,
  next: NextPlace | undefined,
): readonly ScriptValue[] {
  const { granted } = claim;
  const gone = leavingId(claim) ?? "";
  if (next === undefined && granted && gone === "" && ms === 0) return [];
  const values = [ms, gone, granted ? 0 : 1];
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
  readonly own: ScriptArguments["own"];
  readonly shared: ScriptArguments["shared"];
  readonly encodedKeys: string | Buffer;
  readonly encodedOwn: string;
  readonly encodedShared: string;
  body?: Body;
  /** By these it differs from other calls of the claim. */
  readonly ms: number;
  readonly us: number;
  readonly more: unknown;
  #shortcut: string | Buffer | undefined;

  constructor(
    kind: ScriptKind,
    claim: Claim,
    { keys, own, shared }: ScriptArguments,
    ms: number,
    us: number,
    more: unknown,
  ) {
    this.kind = kind;
    this.claim = claim;
    this.keys = keys;
    this.own = own;
    this.shared = shared;
    this.encodedKeys = encoded(keys);
    this.encodedOwn = encoded(own) as string;
    this.encodedShared = encoded(shared) as string;
    this.ms = ms;
    this.us = us;
    this.more = more;
  }

  /** A release of what nobody waits for deletes the holder's field: else it has another name. */
  get shortcut(): string | Buffer | undefined {
    const { kind, keys, own, shared } = this;
    if (kind !== "release" || keys.length !== 1 || shared.length !== 0) return undefined;
    this.#shortcut ??= encodedCommand(["HDEL", ...keys, ...own]);
    return this.#shortcut;
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
