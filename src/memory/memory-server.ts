import type { Claim } from "../core/claim.ts";
import type { NodeKnowledge } from "../core/inspection.ts";
import { refusal } from "../core/vote.ts";
import type { Clock } from "../core/world.ts";
import { type ExtensionTerms, type NodeAnswer } from "../quorum/lock-node.ts";
import {
  isSameEntry,
  keptUntilMs,
  mostAgeUs,
  waitOf,
  type Entry,
  type NodeState,
  type Terms,
} from "../quorum/entry.ts";
import { byFencingToken } from "../quorum/inspection.ts";
import { NoVote } from "../quorum/no-vote.ts";
import { isBareRelease, placeOf } from "../quorum/place.ts";
import { spareTokensOf } from "../quorum/relay.ts";
import { granted } from "./answer.ts";
import * as decision from "./decision.ts";
import type { Leaving, Step } from "./decision.ts";
import type { Moment } from "./obstacle.ts";
import { telling, type Tell } from "./queue.ts";
import { RecordStore } from "./record-store.ts";
import * as records from "./record.ts";
import { emptyRecord, wholeMs, type NodeRecord } from "./record.ts";

/** What comes with the claim of an acquire. */
export interface Asking {
  readonly ttlMs: number;
  readonly ballot: number;
  /** Where the one who asks is told, if it is. */
  readonly channel?: string | undefined;
}

let processCount = 0;

/** What a Redis server with our scripts decides, in this process. All clients of it share one. */
export class MemoryServer {
  readonly #clock: Pick<Clock, "now">;
  readonly #records = new RecordStore();
  readonly #ears = new Map<string, (id: string) => void>();
  readonly #newProcessId: () => string;
  #processId: string;
  #entry: Entry | undefined;

  /**
   * @param clock the server's own, in milliseconds.
   * @param newProcessId names that nobody else has, for tests that have to be repeatable.
   */
  constructor(clock: Pick<Clock, "now">, newProcessId: () => string = numbered) {
    this.#clock = clock;
    this.#newProcessId = newProcessId;
    this.#processId = newProcessId();
  }

  /** A new process; what it knows stays, as on a disk. Nobody listens to it. */
  restart(): void {
    this.#processId = this.#newProcessId();
    this.#ears.clear();
  }

  /** What is told on this channel is heard from now on; `undefined`: it is not any more. */
  listen(channel: string, hear: ((id: string) => void) | undefined): void {
    if (hear === undefined) this.#ears.delete(channel);
    else this.#ears.set(channel, hear);
  }

  /** It loses all that it knew, its entry included: `FLUSHALL`, or a restart without data. */
  forget(): void {
    this.#records.clear();
    this.#entry = undefined;
  }

  /** What it knows now, to be brought back later: a snapshot, a replica that lags behind. */
  snapshot(): () => void {
    const [bringBack, entry] = [this.#records.snapshot(), this.#entry];
    return () => {
      bringBack();
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

  acquire(claim: Claim, { ttlMs, ballot, channel }: Asking, entry: Entry): NodeAnswer {
    const moment = this.#moment(entry);
    const grounds = { ttlMs, ballot, place: placeOf(claim, ballot, channel), tell: this.#tell };
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.acquire(known, claim, grounds, moment);
    const leastUntilMs = keptUntilMs(entry.terms, ttlMs, ballot + spareTokensOf(claim));
    return this.#step(claim.resources, entry.terms, decide, { leastUntilMs });
  }

  extend(claim: Claim, ttlMs: number, extension: ExtensionTerms, entry: Entry): NodeAnswer {
    const moment = this.#moment(entry);
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.extend(known, claim, { ttlMs, ...extension }, moment);
    const leastUntilMs = keptUntilMs(entry.terms, ttlMs, extension.sentAtUs);
    return this.#step(claim.resources, entry.terms, decide, { leastUntilMs });
  }

  release(claim: Claim, { tombstoneMs, next }: Leaving, terms: Terms): NodeAnswer {
    const { resources, owner } = claim;
    if (resources.length === 1 && isBareRelease(claim, tombstoneMs, next)) {
      const [resource = ""] = resources;
      if (this.#records.drop(resource, wholeMs(this.nowUs), claim)) return granted;
    }
    const leaving = { tombstoneMs, next, tell: this.#tell };
    const decide = (known: readonly NodeRecord[]): Step =>
      decision.release(known, claim, leaving, wholeMs(this.nowUs));
    return this.#step(resources, terms, decide, { owner });
  }

  forceRelease(resource: string, owners: readonly string[], terms: Terms): NodeAnswer {
    const isMeant = (entry: records.Entry): boolean =>
      records.isHolder(entry) && owners.includes(entry.owner);
    return this.#step([resource], terms, ([known = emptyRecord]) => {
      if (!known.entries.some(isMeant)) {
        return { answer: refusal("missing", resource), records: [known] };
      }
      const broken = records.breakHolders(known, isMeant);
      const told = telling(broken, this.#tell, wholeMs(this.nowUs));
      return { answer: granted, records: [told] };
    });
  }

  inspect(resource: string, node: string): NodeKnowledge {
    const now = wholeMs(this.nowUs);
    const { ballot: fencingToken, entries } = this.#records.read(resource, now);
    const holders = entries
      .filter(records.isHolder)
      .map((holder) => records.heldBy(holder, now))
      .toSorted(byFencingToken);
    const answer = holders.length === 0 ? "free" : "held";
    return { node, answer, holders, fencingToken, ...waitOf(this.#entry, this.nowUs) };
  }

  readonly #tell: Tell = (channel, id) => {
    const hear = this.#ears.get(channel);
    hear?.(id);
    return hear === undefined ? 0 : 1;
  };

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
    { owner, leastUntilMs = 0 }: { owner?: string; leastUntilMs?: number } = {},
  ): NodeAnswer {
    const { nowUs } = this;
    const now = wholeMs(nowUs);
    const known = resources.map((resource) => this.#records.read(resource, now, owner));
    const step = decide(known);
    const writing = {
      nowUs,
      terms,
      leastUntilMs: step.answer.vote === "granted" ? leastUntilMs : 0,
    };
    for (const [index, resource] of resources.entries()) {
      const record = step.records[index] ?? emptyRecord;
      if (record !== known[index]) this.#records.write(resource, record, writing);
    }
    return step.answer;
  }
}

function numbered(): string {
  return `process${++processCount}`;
}
