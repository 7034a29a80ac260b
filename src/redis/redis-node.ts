import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { LockNode, NodeAnswer } from "../quorum/lock-node.ts";
import type { Connection } from "./connection.ts";
import { answerOf, holdersOf } from "./reply.ts";
import type { ScriptCalls } from "./script-calls.ts";
import { forceReleaseScript } from "./script/force-release.ts";
import { inspectScript } from "./script/inspect.ts";

export interface RedisNodeOptions {
  readonly id: string;
  readonly connection: Connection;
  /** Shared by all nodes of a quorum. */
  readonly calls: ScriptCalls;
}

/** A Redis master. One script call for each operation; the rules are in the scripts. */
export class RedisNode implements LockNode {
  readonly id: string;
  readonly #connection: Connection;
  readonly #calls: ScriptCalls;

  constructor({ id, connection, calls }: RedisNodeOptions) {
    this.id = id;
    this.#connection = connection;
    this.#calls = calls;
  }

  open(): Promise<void> {
    return this.#connection.open();
  }

  acquire(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    return this.#connection.run(this.#calls.acquire(claim, ttlMs));
  }

  extend(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    return this.#connection.run(this.#calls.extend(claim, ttlMs));
  }

  release(claim: Claim, tombstoneMs: number): Promise<NodeAnswer> {
    return this.#connection.run(this.#calls.release(claim, tombstoneMs));
  }

  forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer> {
    const decode = (reply: unknown): NodeAnswer => answerOf(reply, [resource]);
    const call = this.#calls.of(forceReleaseScript, [resource, ...owners], decode);
    return this.#connection.run(call);
  }

  async inspect(resource: string): Promise<NodeReport> {
    const node = this.id;
    const call = this.#calls.of(inspectScript, [resource], holdersOf);
    const holders = await this.#connection.run(call);
    if (holders === undefined) {
      const message = "holds data that is not a lock";
      return { node, answer: "unknown", reason: "foreign", message };
    }
    return holders.length === 0 ? { node, answer: "free" } : { node, answer: "held", holders };
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}
