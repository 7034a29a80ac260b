import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { LockNode, NodeAnswer } from "../quorum/lock-node.ts";
import type { Connection } from "./connection.ts";
import type { ScriptArgument } from "./ioredis.ts";
import { keyOf } from "./key.ts";
import { answerOf, holdersOf, whoText } from "./reply.ts";
import {
  acquireScript,
  extendScript,
  forceReleaseScript,
  inspectScript,
  releaseScript,
  type Script,
} from "./script.ts";

export interface RedisNodeOptions {
  readonly id: string;
  readonly connection: Connection;
  readonly keyPrefix: string;
}

const always = (): boolean => true;

/** A Redis master. One script call for each operation; the rules are in the scripts. */
export class RedisNode implements LockNode {
  readonly id: string;
  readonly #connection: Connection;
  readonly #keyPrefix: string;

  constructor({ id, connection, keyPrefix }: RedisNodeOptions) {
    this.id = id;
    this.#connection = connection;
    this.#keyPrefix = keyPrefix;
  }

  open(): Promise<void> {
    return this.#connection.open();
  }

  acquire(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    const { owner, mode, clientId, process, steal, waiting, resources } = claim;
    const who = whoText({ clientId, ...process });
    const kind = mode === "exclusive" ? "x" : "s";
    const args = [owner, ttlMs, kind, who, steal ? 1 : 0, waiting?.id ?? "", waiting?.forMs ?? 0];
    const isWanted = (): boolean => !claim.withdrawn;
    return this.#vote(acquireScript, resources, args, isWanted);
  }

  extend(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    const isWanted = (): boolean => !claim.withdrawn;
    return this.#vote(extendScript, claim.resources, [claim.owner, ttlMs], isWanted);
  }

  release(claim: Claim, tombstoneMs: number): Promise<NodeAnswer> {
    return this.#vote(
      releaseScript,
      claim.resources,
      [claim.owner, Math.ceil(tombstoneMs)],
      always,
    );
  }

  forceRelease(resource: string): Promise<NodeAnswer> {
    return this.#vote(forceReleaseScript, [resource], [], always);
  }

  async inspect(resource: string): Promise<NodeReport> {
    const node = this.id;
    const keys = [keyOf(this.#keyPrefix, resource)];
    const holders = holdersOf(await this.#connection.run(inspectScript, keys, [], always));
    if (holders === undefined) {
      const message = "holds data that is not a lock";
      return { node, answer: "unknown", reason: "foreign", message };
    }
    return holders.length === 0 ? { node, answer: "free" } : { node, answer: "held", holders };
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #vote(
    script: Script,
    resources: readonly string[],
    args: readonly ScriptArgument[],
    isWanted: () => boolean,
  ): Promise<NodeAnswer> {
    const keys = resources.map((resource) => keyOf(this.#keyPrefix, resource));
    return this.#connection
      .run(script, keys, args, isWanted)
      .then((reply) => answerOf(reply, resources));
  }
}
