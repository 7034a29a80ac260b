import type { BackendPromises } from "../core/backend-promises.ts";
import type { Claim } from "../core/claim.ts";
import type { Inspection } from "../core/inspection.ts";
import type {
  Attempt,
  Extension,
  ForcedRelease,
  Grant,
  LockBackend,
  ReleaseOutcome,
  TtlRange,
} from "../core/lock-backend.ts";
import { leastTtlMs, minimumValidityMs, validUntil } from "../core/validity.ts";
import type { GrantedVote, Vote } from "../core/vote.ts";
import type { World } from "../core/world.ts";
import { refusedVote, type Answer } from "./answer.ts";
import { Asking } from "./asking.ts";
import type { Database } from "./database.ts";
import { inspectionOf } from "./inspection.ts";
import { keyOf } from "./key.ts";
import { Releases } from "./releases.ts";
import type { Statements } from "./statements.ts";
import { Turns } from "./turns.ts";

export interface SqlBackendOptions {
  readonly world: World;
  readonly database: Database;
  readonly statements: Statements;
  readonly promises: BackendPromises;
  /** For how long an answer is waited for, in milliseconds, as far as the ttl allows. */
  readonly timeoutMs: number;
  /** Wakes who waits, if the database can tell. */
  readonly watch?: LockBackend["watch"];
  readonly onClose: () => Promise<void>;
}

type Refused = Answer & { readonly vote: "refused" };

/** Locks are renewed, so nobody needs a long one; it is what a holder that died costs the others. */
const longestTtlMs = 24 * 60 * 60 * 1_000;

/** One database as the authority. A try is one statement, and the database's clock ends a lock's time. */
export class SqlBackend implements LockBackend {
  readonly world: World;
  readonly ttlRange: TtlRange = { least: Math.max(10, leastTtlMs(0)), most: longestTtlMs };
  readonly promises: BackendPromises;
  readonly watch?: NonNullable<LockBackend["watch"]>;
  readonly #asking: Asking;
  readonly #statements: Statements;
  readonly #releases: Releases;
  readonly #turns: Turns;
  readonly #onClose: () => Promise<void>;
  #isClosed = false;

  constructor(options: SqlBackendOptions) {
    const { world, statements, promises, watch } = options;
    this.world = world;
    this.promises = promises;
    this.#asking = new Asking(options.database, options.timeoutMs);
    this.#statements = statements;
    this.#onClose = options.onClose;
    this.#releases = new Releases(world, this.#asking, statements);
    this.#turns = new Turns(world.clock);
    if (watch !== undefined) this.watch = watch;
  }

  async acquire(claim: Claim, ttlMs: number): Promise<Attempt> {
    this.#throwIfClosed();
    const turn = this.#turns.take();
    try {
      await this.#releases.settled(claim.resources);
      const startedAt = this.world.clock.now();
      const answer = await this.#try(claim, ttlMs);
      if (answer.vote === "unknown") {
        const why = ["conflict", "withdrawn"].includes(answer.reason) ? "held" : "unreachable";
        return { granted: false, why, votes: [answer] };
      }
      if (answer.vote === "refused") return this.#refused(answer, claim);
      await turn.comes(this.#asking.timeoutFor(ttlMs));
      return await this.#judged(claim, ttlMs, startedAt, answer.fencingToken);
    } finally {
      turn.end();
    }
  }

  async extend({ claim }: Grant, ttlMs: number): Promise<Extension> {
    this.#throwIfClosed();
    const startedAt = this.world.clock.now();
    const statement = this.#statements.extend(claim, ttlMs);
    const isWanted = (): boolean => !claim.withdrawn;
    const answer = await this.#asking.ask(statement, this.#asking.timeoutFor(ttlMs), { isWanted });
    if (answer.vote === "granted") {
      const until = validUntil(startedAt, ttlMs, 0);
      return {
        extended: true,
        validUntil: until,
        votes: [this.#granted],
        tally: { grantedCount: 1 },
      };
    }
    if (answer.vote === "unknown") return { extended: false, why: "unreachable", votes: [answer] };
    const why = answer.reason === "broken" ? "broken" : "missing";
    return { extended: false, why, votes: [this.#refusal(answer, claim)] };
  }

  async release(claim: Claim, ttlMs: number): Promise<ReleaseOutcome> {
    const answer = await this.#releases.tell(claim, ttlMs);
    if (answer.vote === "granted") return { released: "yes", votes: [this.#granted] };
    if (answer.vote === "unknown") return { released: "unknown", votes: [answer] };
    const released = answer.reason === "broken" ? "broken" : "missing";
    return { released, votes: [this.#refusal(answer, claim)] };
  }

  async forceRelease(resource: string): Promise<ForcedRelease> {
    this.#throwIfClosed();
    const key = keyOf(resource);
    // Only those who hold it now are meant: a statement that lands late must not hit who comes after them.
    const found = await this.#asking.look(this.#statements.inspect(key));
    if ("vote" in found) return { done: false, found: false, votes: [found] };
    const owners = found.holders.map(({ owner }) => owner);
    if (owners.length === 0) return { done: true, found: false, votes: [] };
    const answer = await this.#asking.ask(this.#statements.forceRelease(key, owners));
    if (answer.vote === "unknown") return { done: false, found: true, votes: [answer] };
    return { done: true, found: answer.vote === "granted", votes: [this.#granted] };
  }

  async inspect(resource: string): Promise<Inspection> {
    this.#throwIfClosed();
    const found = await this.#asking.look(this.#statements.inspect(keyOf(resource)));
    return inspectionOf(resource, { node: this.#asking.name, found, promises: this.promises });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#releases.close();
    await this.#onClose();
  }

  async #try(claim: Claim, ttlMs: number): ReturnType<Asking["ask"]> {
    const sending = this.#releases.sending(claim);
    const statement = this.#statements.acquire(claim, ttlMs);
    const isWanted = (): boolean => !claim.withdrawn;
    const terms = { isWanted, onDoubt: sending.onDoubt };
    const asked = this.#asking.ask(statement, this.#asking.timeoutFor(ttlMs), terms);
    const answer = await asked.finally(sending.end);
    // It may land later. Nobody waits for a database that does not answer.
    const isOpen = answer.vote === "unknown" && sending.isDoubtful();
    if (isOpen && !claim.withdrawn) void this.#releases.tell(claim, ttlMs);
    return answer;
  }

  /** A grant, if enough of its time is left. */
  async #judged(
    claim: Claim,
    ttlMs: number,
    startedAt: number,
    fencingToken: number,
  ): Promise<Attempt> {
    const until = validUntil(startedAt, ttlMs, 0);
    const votes = [this.#granted];
    if (until - this.world.clock.now() >= minimumValidityMs(ttlMs)) {
      return { granted: true, validUntil: until, fencingToken, votes, tally: { grantedCount: 1 } };
    }
    if (!claim.withdrawn) await this.#releases.tell(claim, ttlMs);
    return { granted: false, why: "late", votes };
  }

  #refused(answer: Refused, claim: Claim): Attempt {
    const { freeInMs } = answer;
    const votes = [this.#refusal(answer, claim)];
    const retry = typeof freeInMs === "number" ? { retryAfterMs: freeInMs + 1 } : {};
    return { granted: false, why: "held", votes, ...retry };
  }

  #refusal(answer: Refused, { resources }: Claim): Vote {
    return refusedVote(this.#asking.name, answer, resources);
  }

  get #granted(): GrantedVote {
    return { node: this.#asking.name, vote: "granted" };
  }

  #throwIfClosed(): void {
    if (this.#isClosed) throw new TypeError("this backend has been closed");
  }
}
