import type { Claim } from "../core/claim.ts";
import type { ExtensionTerms, NodeAnswer } from "../quorum/lock-node.ts";
import { isBareRelease, leavingId, placeOf, type NextPlace, type Place } from "../quorum/place.ts";
import { spareTokensOf } from "../quorum/relay.ts";
import { keptOnMs, keptUntilMs, type Terms } from "../quorum/entry.ts";
import { entryKeyOf, keyOf } from "./key.ts";
import { answerOf, inspectionOf, letterOf, whoText, type NodeInspection } from "./reply.ts";
import { scriptCall, type ScriptCall, type ScriptValue } from "./script-call.ts";
import type { ScriptKind } from "./script/node-scripts.ts";
import { noValues, sharedValues, VoteCall, type SharedValues } from "./vote-call.ts";

/**
 * The votes of one quorum as script calls. A round sends the same call to one node after the other, so
 * the last one is kept: it is put together once, not once for each node.
 */
export class ScriptCalls {
  readonly #keyPrefix: string;
  readonly #terms: Terms;
  #last: VoteCall | undefined;
  #lastShared: LastShared | undefined;

  constructor(keyPrefix: string, terms: Terms) {
    this.#keyPrefix = keyPrefix;
    this.#terms = terms;
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
    const known = this.#known("acquire", claim, ttlMs, ballot, channel);
    if (known !== undefined) return known;
    const place = placeOf(claim, ballot, channel);
    const shared =
      place === undefined && !claim.steal
        ? this.#usualShared("acquire", claim, ttlMs, ballot)
        : sharedValues([
            ...this.#acquireValues(claim, ttlMs, ballot),
            ...placeValues(claim, place),
          ]);
    return this.#keep("acquire", claim, [fieldOf(claim)], shared, ttlMs, ballot, channel);
  }

  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): ScriptCall<NodeAnswer> {
    const { fencingToken, sentAtUs } = terms;
    const known = this.#known("extend", claim, ttlMs, sentAtUs);
    if (known !== undefined) return known;
    const shared = this.#usualShared("extend", claim, ttlMs, sentAtUs);
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

  /** What many claims of one manager have in common is put together and encoded once. */
  #usualShared(kind: "acquire" | "extend", claim: Claim, ttlMs: number, us: number): SharedValues {
    const { mode, clientId, process } = claim;
    const last = this.#lastShared;
    const spare = kind === "acquire" ? spareTokensOf(claim) : 0;
    const isSame = last?.kind === kind && last.us === us && last.ttlMs === ttlMs;
    const isTheirs = last?.clientId === clientId && last.process === process;
    if (isSame && isTheirs && last.mode === mode && last.spare === spare) return last.shared;
    const values =
      kind === "acquire"
        ? this.#acquireValues(claim, ttlMs, us)
        : [ttlMs, us, whoText(claim), ...this.#kept(ttlMs, us)];
    const shared = sharedValues(values);
    this.#lastShared = { kind, ttlMs, us, spare, mode, clientId, process, shared };
    return shared;
  }

  #acquireValues(claim: Claim, ttlMs: number, ballot: number): readonly ScriptValue[] {
    const top = ballot + spareTokensOf(claim);
    const ballots = claim.mode === "exclusive" ? `${top} ${top}` : "";
    return [ballot, ballots, ` ${ttlMs} ${top}${whoText(claim)}`, ...this.#kept(ttlMs, top)];
  }

  /** Until when a record stays at least, and until when if that is longer than it would. */
  #kept(ttlMs: number, us: number): readonly ScriptValue[] {
    const until = keptUntilMs(this.#terms, ttlMs, us);
    return [until, until + keptOnMs];
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
    shared: SharedValues,
    ms: number,
    us: number,
    more?: unknown,
  ): VoteCall {
    const keys = claim.resources.map((resource) => keyOf(this.#keyPrefix, resource));
    this.#last = new VoteCall(kind, claim, keys, own, shared, ms, us, more);
    return this.#last;
  }
}

/** The last of them, and by what they differ from others. */
interface LastShared {
  readonly kind: ScriptKind;
  readonly ttlMs: number;
  readonly us: number;
  readonly spare: number;
  readonly mode: Claim["mode"];
  readonly clientId: string;
  readonly process: Claim["process"];
  readonly shared: SharedValues;
}

/** Where the holder stands in the record. */
function fieldOf({ mode, owner }: Claim): string {
  return `${letterOf(mode)} ${owner}`;
}

/** Behind the other values of an acquire. */
function placeValues({ steal }: Claim, place: Place | undefined): readonly ScriptValue[] {
  if (place === undefined) return ["", 0, steal ? 1 : 0];
  const { id, forMs, since = "", channel } = place;
  return [id, forMs, steal ? 1 : 0, since, channel];
}

function releaseValues(claim: Claim, ms: number, next: NextPlace | undefined): SharedValues {
  if (isBareRelease(claim, ms, next)) return noValues;
  const values = [ms, leavingId(claim) ?? "", claim.granted ? 0 : 1];
  if (next === undefined) return sharedValues(values);
  const { id, forMs, since = 0, channel } = next.place;
  const line = [next.isToBeTold ? "w" : "n", id, forMs, letterOf(next.claim.mode)];
  return sharedValues([...values, ...line, since, channel]);
}

const always = (): boolean => true;
