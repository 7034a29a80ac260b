import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import type { Subscription } from "../core/lock-backend.ts";
import type { Clock } from "../core/world.ts";
import type {
  Answering,
  ExtensionTerms,
  LockNode,
  NodeAnswer,
  NodeListener,
} from "../quorum/lock-node.ts";
import { nextPlaceOf } from "../quorum/place.ts";
import { waitOf, type Entry, type NodeState } from "../quorum/entry.ts";
import type { Connection } from "./connection.ts";
import { Ear } from "./ear.ts";
import type { IoredisConnection } from "./ioredis.ts";
import type { ScriptCalls } from "./script-calls.ts";
import { entryOf } from "./standing.ts";

export interface RedisNodeOptions {
  readonly id: string;
  readonly connection: Connection;
  /** Shared by all nodes of a quorum. */
  readonly calls: ScriptCalls;
  readonly clock: Clock;
  /** Makes a further client for the same server, to listen. */
  readonly newClient: () => IoredisConnection;
}

/** A Redis master. One script call for each operation; the rules are in the scripts. */
export class RedisNode implements LockNode {
  readonly id: string;
  readonly #connection: Connection;
  readonly #calls: ScriptCalls;
  readonly #clock: Clock;
  readonly #newClient: () => IoredisConnection;
  #ear: Ear | undefined;

  constructor({ id, connection, calls, clock, newClient }: RedisNodeOptions) {
    this.id = id;
    this.#connection = connection;
    this.#calls = calls;
    this.#clock = clock;
    this.#newClient = newClient;
  }

  whenChanged(listener: () => void): void {
    this.#connection.whenChanged(listener);
  }

  open(): Promise<NodeState | undefined> {
    return this.#connection.open();
  }

  enter(entry: Entry, known: NodeState): Promise<NodeState> {
    return this.#connection.enter(entry, known);
  }

  acquire(claim: Claim, ttlMs: number, ballot: number): Answering<NodeAnswer> {
    return this.#connection.run(this.#calls.acquire(claim, ttlMs, ballot, this.#channel));
  }

  extend(claim: Claim, ttlMs: number, terms: ExtensionTerms): Answering<NodeAnswer> {
    return this.#connection.run(this.#calls.extend(claim, ttlMs, terms));
  }

  release(claim: Claim, tombstoneMs: number, next?: Claim): Answering<NodeAnswer> {
    const place = nextPlaceOf(next, claim, this.#channel);
    return this.#connection.run(this.#calls.release(claim, tombstoneMs, place));
  }

  async forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer> {
    return await this.#connection.run(this.#calls.forceRelease(resource, owners));
  }

  async inspect(resource: string): Promise<NodeReport> {
    const node = this.id;
    const found = await this.#connection.run(this.#calls.inspect(resource));
    if (found === undefined) {
      const message = "holds data that is not a lock";
      return { node, answer: "unknown", reason: "foreign", message };
    }
    const { holders, fencingToken, clockUs, entryText } = found;
    const entry = entryOf(entryText, this.#calls.entryKey);
    const answer = holders.length === 0 ? "free" : "held";
    return { node, answer, holders, fencingToken, ...waitOf(entry, clockUs) };
  }

  listen(name: string, listener: NodeListener): Subscription {
    const channel = this.#calls.channelOf(name);
    const ear = new Ear(this.#newClient(), { channel, clock: this.#clock, listener });
    this.#ear = ear;
    return ear;
  }

  async close(): Promise<void> {
    this.#ear?.stop();
    this.#connection.close();
  }

  /** Where this process is told, while it is. */
  get #channel(): string | undefined {
    return this.#ear?.isLive === true ? this.#ear.channel : undefined;
  }
}
