import type { Claim } from "../core/claim.ts";
import type { NodeKnowledge } from "../core/inspection.ts";
import { refusal } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { type ExtensionTerms, type NodeAnswer } from "../quorum/lock-node.ts";
import {
  isSameEntry,
  leastKeptMs,
  leavesTime,
  mostAgeUs,
  retentionMs,
  waitOf,
  type Entry,
  type NodeState,
  type Terms,
} from "../quorum/entry.ts";
import { NoVote } from "../quorum/no-vote.ts";
import * as decision from "./decision.ts";
import type { Moment, Step } from "./decision.ts";
import * as records from "./record.ts";
import { emptyRecord, wholeMs, type NodeRecord } from "./record.ts";

interface Kept {
  readonly record: NodeRecord;
  readonly untilMs: number;
}

let processCount = 0;

/** What a Redis server with our scripts decides, in this process. All clients of it share one. */
export class MemoryServer {
  readonly #clock: Pick<Clock, "now">;
  readonly #records = new Map<string, Kept>();
  readonly #newProcessId: () => string;
  #processId: string;
  #entry: Entry | undefined;
  #sweepAt = 64;

  /**
   * @param clock the server's own, in milliseconds.
   * @param newProcessId names that nobody else has, for tests that have to be repeatable.
   */
  constructor(clock: Pick<Clock, "now">, newProcessId: () => string = numbered) {
    this.#clock = clock;
    this.#newProcessId = newProcessId;
    this.#processId = newProcessId();
  }

  /** A new process; what it knows stays, as on a disk. */
  restart(): void {
    this.#processId = this.#newProcessId();
  }

  /** It loses all that it knew, its entry included: `FLUSHALL`, or a restart without data. */
  forget(): void {
    this.#records.clear();
    this.#entry = undefined;
  }

  /** What it knows now, to be brought back later: a snapshot, a replica that lags behind. */
  snapshot(): () => void {
    const [kept, entry] = [new Map(this.#records), this.#entry];
    return () => {
      this.forget();
      for (const [resource, each] of kept) this.#records.set(resource, each);
      this.#entry = entry;
    };
  }

  /** For how many resources it keeps a record. */
  get size(): number {
    return this.#records.size;
  }

  /** Its clock is read to the millisecond. */
  get nowUs(): number {
    return Math.floor(this.#clock.now()) * 1000;
  }

  state(): NodeState {
    return { processId: this.#processId, clockUs: this.nowUs, entry: this.#entry };
  }

  enter(entry: Entry, known: NodeState): NodeState {
    const isAsKnown = known.processId === this.#processId && isSameEntry(this.#entry, known.entry);
    const isFresh = Math.abs(this.nowUs - known.clockUs) <= mostAgeUs(entry.terms);
    if (isAsKnown && isFresh) this.#entry = entry;
    return this.state();
  }

  acquire(claim: Claim, ttlMs: number, ballot: number, entry: Entry): NodeAnswer {
    const moment = this.#moment(entry);
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.acquire(known, claim, { ttlMs, ballot }, moment);
    return this.#step(claim.resources, entry.terms, decide);
  }

  extend(claim: Claim, ttlMs: number, extension: ExtensionTerms, entry: Entry): NodeAnswer {
    const moment = this.#moment(entry);
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.extend(known, claim, { ttlMs, ...extension }, moment);
    return this.#step(claim.resources, entry.terms, decide);
  }

  release(claim: Claim, tombstoneMs: number, terms: Terms): NodeAnswer {
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.release(known, claim, tombstoneMs, wholeMs(this.nowUs));
    const { owner } = claim;
    return this.#step(claim.resources, terms, decide, {
      owner,
      isLess: tombstoneMs === 0 && leavesTime(terms),
    });
  }

  forceRelease(resource: string, owners: readonly string[], terms: Terms): NodeAnswer {
    const isMeant = (entry: records.Entry): boolean =>
      records.isHolder(entry) && owners.includes(entry.owner);
    return this.#step([resource], terms, ([known = emptyRecord]) =>
      known.entries.some(isMeant)
        ? { answer: decision.granted, records: [records.breakHolders(known, isMeant)] }
        : { answer: refusal("missing", resource), records: [known] },
    );
  }

  inspect(resource: string, node: string): NodeKnowledge {
    const now = wholeMs(this.nowUs);
    const { ballot, entries } = this.#read(resource, now);
    const holders = entries.filter(records.isHolder).map((holder) => ({
      ...records.infoOf(holder),
      fencingToken: holder.fencingToken,
      remainingMs: holder.until - now,
    }));
    const answer = holders.length === 0 ? "free" : "held";
    const wait = waitOf(this.#entry, this.nowUs);
    return { node, answer, holders, fencingToken: ballot, ...wait };
  }

  /** @throws {NoVote} */
  #moment(entry: Entry): Moment {
    const { nowUs } = this;
    if (entry.processId !== this.#processId || !isSameEntry(this.#entry, entry)) throw new NoVote();
    if (nowUs < entry.votesFromUs) throw new NoVote(Math.ceil((entry.votesFromUs - nowUs) / 1000));
    return { nowUs, maxSkewUs: entry.terms.maxSkewMs * 1000 };
  }

  #step(
    resources: readonly string[],
    terms: Terms,
    decide: (known: readonly NodeRecord[]) => Step,
    { owner, isLess = false }: { readonly owner?: string; readonly isLess?: boolean } = {},
  ): NodeAnswer {
    const now = wholeMs(this.nowUs);
    const known = resources.map((resource) => this.#read(resource, now, owner));
    const step = decide(known);
    for (const [index, resource] of resources.entries()) {
      const record = step.records[index] ?? emptyRecord;
      if (record !== known[index]) this.#write(resource, record, terms, isLess);
    }
    return step.answer;
  }

  #read(resource: string, now: number, owner?: string): NodeRecord {
    const kept = this.#records.get(resource);
    if (kept !== undefined && kept.untilMs >= now) return records.alive(kept.record, now, owner);
    // What has expired does not come back when the clock is set back.
    this.#records.delete(resource);
    return emptyRecord;
  }

  /** @param isLess there is nothing new in it, and it stays no longer than it would have. */
  #write(resource: string, record: NodeRecord, terms: Terms, isLess: boolean): void {
    const now = wholeMs(this.nowUs);
    const { ballot, entries } = record;
    // After the clock was set back, time counts from the ballots: they are what it will have to exceed.
    const isBehind = ballot > this.nowUs + terms.maxSkewMs * 1000;
    const begin = isBehind ? wholeMs(ballot) : now;
    const last = Math.max(begin, ...entries.map(({ until }) => until));
    const leastMs = entries.some(records.isHolder) ? now + leastKeptMs : now;
    const full = 1 + Math.max(last + (ballot > 0 ? retentionMs(terms) : 0), leastMs);
    const untilMs = (isLess ? this.#records.get(resource)?.untilMs : undefined) ?? full;
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

function numbered(): string {
  return `process${++processCount}`;
}
