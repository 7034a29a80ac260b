import type { Claim } from "../core/claim.ts";
import type { NodeReport } from "../core/inspection.ts";
import { refusal } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { NodeError, type LockNode, type NodeAnswer } from "../quorum/lock-node.ts";
import * as records from "./record.ts";
import type { Entry, NodeRecord, Step } from "./record.ts";

export interface MemoryNodeOptions {
  readonly id: string;
  /** The node's own clock, of which it takes whole milliseconds. */
  readonly clock: Clock;
}

/** A node in this process: the rules of a real one, without a network and without a server. */
export class MemoryNode implements LockNode {
  readonly id: string;
  readonly #clock: Clock;
  readonly #records = new Map<string, NodeRecord>();
  #sweepAt = 64;
  #isUp = true;
  #isClosed = false;

  constructor({ id, clock }: MemoryNodeOptions) {
    this.id = id;
    this.#clock = clock;
  }

  /** It crashes: until `start`, nobody reaches it. It keeps what it knew, as on a disk. */
  stop(): void {
    this.#isUp = false;
  }

  start(): void {
    this.#isUp = true;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** It loses all that it knew, as a server without persistence does in a restart. */
  forget(): void {
    this.#records.clear();
  }

  /** For how many resources it keeps a record. */
  get size(): number {
    return this.#records.size;
  }

  async open(): Promise<void> {}

  async acquire(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    return this.#step(claim, (known, now) => records.acquire(known, claim, ttlMs, now));
  }

  async extend(claim: Claim, ttlMs: number): Promise<NodeAnswer> {
    return this.#step(claim, (known, now) => records.extend(known, claim, ttlMs, now));
  }

  async release(claim: Claim, tombstoneMs: number): Promise<NodeAnswer> {
    return this.#step(claim, (known, now) => records.release(known, claim, tombstoneMs, now));
  }

  async forceRelease(resource: string, owners: readonly string[]): Promise<NodeAnswer> {
    const known = this.#read(resource, this.#now());
    const isMeant = (entry: Entry): boolean =>
      records.isHolder(entry) && owners.includes(entry.owner);
    if (!known.some(isMeant)) return refusal("missing", resource);
    this.#write(resource, records.breakHolders(known, isMeant));
    return records.granted;
  }

  async inspect(resource: string): Promise<NodeReport> {
    const now = this.#now();
    const holders = this.#read(resource, now)
      .filter(records.isHolder)
      .map((holder) => ({ ...records.infoOf(holder), remainingMs: holder.until - now }));
    const node = this.id;
    return holders.length === 0 ? { node, answer: "free" } : { node, answer: "held", holders };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #step(claim: Claim, decide: (known: readonly NodeRecord[], now: number) => Step): NodeAnswer {
    const now = this.#now();
    const step = decide(
      claim.resources.map((resource) => this.#read(resource, now)),
      now,
    );
    claim.resources.forEach((resource, index) => this.#write(resource, step.records[index] ?? []));
    return step.answer;
  }

  /** The node's time; fails as every command to a node that is not there. */
  #now(): number {
    if (this.#isClosed) throw new NodeError("closed", "the connection was closed");
    if (!this.#isUp) throw new NodeError("disconnected", "not connected");
    return Math.floor(this.#clock.now());
  }

  #read(resource: string, now: number): NodeRecord {
    return records.alive(this.#records.get(resource) ?? [], now);
  }

  #write(resource: string, record: NodeRecord): void {
    if (record.length === 0) this.#records.delete(resource);
    else this.#records.set(resource, record);
    if (this.#records.size >= this.#sweepAt) this.#sweep();
  }

  /** Drops what has expired without being asked for again; seldom enough to cost nothing. */
  #sweep(): void {
    const now = Math.floor(this.#clock.now());
    for (const [resource, record] of this.#records) {
      if (records.alive(record, now).length === 0) this.#records.delete(resource);
    }
    this.#sweepAt = Math.max(64, 2 * this.#records.size);
  }
}
