import type { Claim } from "../core/claim.ts";
import type { NodeAnswer } from "../quorum/lock-node.ts";
import { encoded, encodedCommand, type Body } from "./encoded-command.ts";
import { answerOf } from "./reply.ts";
import type { ScriptArguments, ScriptCall, ScriptValue } from "./script-call.ts";
import type { ScriptKind } from "./script/node-scripts.ts";

/** What a claim asks a node. */
export class VoteCall implements ScriptCall<NodeAnswer> {
  readonly kind: ScriptKind;
  readonly claim: Claim;
  readonly keys: ScriptArguments["keys"];
  readonly own: ScriptArguments["own"];
  readonly shared: ScriptArguments["shared"];
  readonly encodedKeys: string | Buffer;
  readonly encodedOwn: string;
  readonly encodedShared: string;
  tail?: string | Buffer;
  body?: Body;
  /** By these it differs from other calls of the claim. */
  readonly ms: number;
  readonly us: number;
  readonly more: unknown;
  #shortcut: string | Buffer | undefined;

  constructor(
    kind: ScriptKind,
    claim: Claim,
    keys: ScriptArguments["keys"],
    own: ScriptArguments["own"],
    shared: SharedValues,
    ms: number,
    us: number,
    more: unknown,
  ) {
    this.kind = kind;
    this.claim = claim;
    this.keys = keys;
    this.own = own;
    this.shared = shared.values;
    this.encodedKeys = encoded(keys);
    this.encodedOwn = encoded(own) as string;
    this.encodedShared = shared.encoded;
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

/** Values that calls share, and how they go over the wire. */
export interface SharedValues {
  readonly values: readonly ScriptValue[];
  readonly encoded: string;
}

export function sharedValues(values: readonly ScriptValue[]): SharedValues {
  return { values, encoded: encoded(values) as string };
}

export const noValues: SharedValues = { values: [], encoded: "" };
