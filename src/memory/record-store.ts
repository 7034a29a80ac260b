import type { Claim } from "../core/claim.ts";
import { keptOnMs, leastKeptMs, retentionMs, type Terms } from "../quorum/entry.ts";
import { isWaiting } from "./queue.ts";
import {
  alive,
  emptyRecord,
  isHolder,
  wholeMs,
  without,
  type Entry,
  type NodeRecord,
} from "./record.ts";

interface Kept {
  readonly record: NodeRecord;
  readonly untilMs: number;
}

export interface Writing {
  /** The node's clock, in microseconds. */
  readonly nowUs: number;
  readonly terms: Terms;
  /** Until when it is kept at least, in milliseconds. */
  readonly leastUntilMs: number;
}

/** What a node remembers, resource by resource, as long as a server keeps it. */
export class RecordStore {
  readonly #records = new Map<string, Kept>();
  #sweepAt = 64;

  get size(): number {
    return this.#records.size;
  }

  clear(): void {
    this.#records.clear();
  }

  /** What it knows now, to be brought back later instead of what it knows then. */
  snapshot(): () => void {
    const kept = new Map(this.#records);
    return () => {
      this.#records.clear();
      for (const [resource, each] of kept) this.#records.set(resource, each);
    };
  }

  /** @param owner what it has is part of it, be its time over. */
  read(resource: string, now: number, owner?: string): NodeRecord {
    const kept = this.#records.get(resource);
    if (kept !== undefined && kept.untilMs >= now) return alive(kept.record, now, owner);
    // What has expired does not come back when the clock is set back.
    this.#records.delete(resource);
    return emptyRecord;
  }

  /**
   * Takes back what was granted to the claim, and leaves all else as it is, its time over or not: what a
   * server does that deletes one field of a record. Not where somebody waits, who would have to be told.
   *
   * @returns whether that was enough.
   */
  drop(resource: string, now: number, { owner, mode }: Claim): boolean {
    const kept = this.#records.get(resource);
    if (kept === undefined || kept.untilMs < now) return false;
    const { record, untilMs } = kept;
    const isOwn = (entry: Entry): boolean =>
      isHolder(entry) && entry.owner === owner && entry.mode === mode;
    if (!record.entries.some(isOwn) || record.entries.some(isWaiting)) return false;
    this.#records.set(resource, { record: without(record, owner), untilMs });
    return true;
  }

  write(resource: string, record: NodeRecord, { nowUs, terms, leastUntilMs }: Writing): void {
    const now = wholeMs(nowUs);
    const { ballot, entries } = record;
    // After the clock was set back, time counts from the ballots: they are what it will have to exceed.
    const isBehind = ballot > nowUs + terms.maxSkewMs * 1000;
    const begin = isBehind ? wholeMs(ballot) : now;
    const last = Math.max(begin, ...entries.map(({ until }) => until));
    const leastMs = entries.some(isHolder) ? now + leastKeptMs : now;
    const known = this.#records.get(resource);
    // Until now it was kept for what it says, and no longer.
    const before = ballot > 0 && known?.record.ballot === 0 ? known.untilMs : 0;
    const rememberedMs = Math.max(last, before) + (ballot > 0 ? retentionMs(terms) : 0);
    const needed = Math.max(1 + Math.max(rememberedMs, leastMs), leastUntilMs);
    const isKept = known !== undefined && known.untilMs >= needed;
    const untilMs = isKept ? known.untilMs : needed + (known === undefined ? 0 : keptOnMs);
    if (ballot === 0 && entries.length === 0) this.#records.delete(resource);
    else this.#records.set(resource, { record, untilMs });
    if (this.#records.size >= this.#sweepAt) this.#sweep(now);
  }

  /** Drops what has expired without being asked for again; seldom enough to cost nothing. */
  #sweep(now: number): void {
    for (const [resource, { untilMs }] of this.#records) {
      if (untilMs < now) this.#records.delete(resource);
    }
    this.#sweepAt = Math.max(64, 2 * this.#records.size);
  }
}
