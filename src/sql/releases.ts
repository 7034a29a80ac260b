import type { Claim } from "../core/claim.ts";
import type { UnknownVote } from "../core/vote.ts";
import type { World } from "../core/world.ts";
import type { Answer } from "./answer.ts";
import type { Asking } from "./asking.ts";
import { OwedReleases } from "./owed-releases.ts";
import type { Statements } from "./statements.ts";

/** An acquire on its way. */
export interface Sending {
  /** It may be carried out later than it is answered. */
  readonly onDoubt: () => void;
  readonly isDoubtful: () => boolean;
  /** It has been answered, or will not be. */
  readonly end: () => void;
}

/** What is told to the database when somebody lets go: now, or as soon as it listens again. */
export class Releases {
  readonly #world: World;
  readonly #asking: Asking;
  readonly #statements: Statements;
  readonly #owed: OwedReleases;
  /** Claims whose acquire may land behind their release. */
  readonly #doubtful = new WeakSet<Claim>();
  readonly #onTheirWay = new WeakSet<Claim>();
  readonly #underWay = new Map<Claim, Promise<unknown>>();

  constructor(world: World, asking: Asking, statements: Statements) {
    this.#world = world;
    this.#asking = asking;
    this.#statements = statements;
    this.#owed = new OwedReleases(async ({ claim, ttlMs }) => {
      const { vote } = await this.#send(claim, ttlMs);
      return vote !== "unknown";
    }, world.clock);
  }

  sending(claim: Claim): Sending {
    this.#onTheirWay.add(claim);
    return {
      onDoubt: () => void this.#doubtful.add(claim),
      isDoubtful: () => this.#doubtful.has(claim),
      end: () => void this.#onTheirWay.delete(claim),
    };
  }

  /** Never rejects: what the database could not be told it is told later. */
  async tell(claim: Claim, ttlMs: number): Promise<Answer | UnknownVote> {
    claim.withdrawn = true;
    const until = this.#world.clock.now() + ttlMs;
    const answer = await this.#send(claim, ttlMs);
    if (answer.vote === "unknown" && answer.reason !== "misconfigured") {
      this.#owed.owe({ claim, ttlMs, until: this.#mayLand(claim) ? Infinity : until });
    }
    return answer;
  }

  /** Resolves when the releases of these that were sent are answered: what comes next finds them free. */
  async settled(resources: readonly string[]): Promise<void> {
    if (this.#underWay.size === 0) return;
    const concerned = [...this.#underWay].filter(([claim]) =>
      claim.resources.some((resource) => resources.includes(resource)),
    );
    await Promise.all(concerned.map(([, answer]) => answer));
  }

  /** Resolves when all that were sent are answered: each has its deadline. */
  async close(): Promise<void> {
    this.#owed.close();
    await Promise.all(this.#underWay.values());
  }

  async #send(claim: Claim, ttlMs: number): Promise<Answer | UnknownVote> {
    const statement = this.#statements.release(claim, this.#mayLand(claim) ? ttlMs : 0);
    const answer = this.#asking.ask(statement).catch((error: unknown): UnknownVote => {
      const message = error instanceof Error ? error.message : String(error);
      return { node: this.#asking.name, vote: "unknown", reason: "misconfigured", message };
    });
    this.#underWay.set(claim, answer);
    try {
      return await answer;
    } finally {
      if (this.#underWay.get(claim) === answer) this.#underWay.delete(claim);
    }
  }

  #mayLand(claim: Claim): boolean {
    return this.#doubtful.has(claim) || this.#onTheirWay.has(claim);
  }
}
