import type {
  ClientLane,
  ClientState,
  GrantSpan,
  HistoryEvent,
  Span,
} from "../../../src/chaos/record.ts";
import type { seededRandom } from "../../../src/testing.ts";

interface Wish {
  readonly resource: string;
  readonly at: number;
  readonly token: number;
  readonly nodes: readonly string[];
}

type Lists = {
  -readonly [Key in keyof ClientLane]: ClientLane[Key] extends readonly (infer Item)[]
    ? Item[]
    : ClientLane[Key];
};

/** One client of a made-up run: does one thing after the other. */
export class MadeUpClient {
  readonly lane: Lists;
  readonly events: HistoryEvent[] = [];
  freeAt = 1;
  #count = 0;
  readonly #random: ReturnType<typeof seededRandom>;

  constructor(name: string, random: ReturnType<typeof seededRandom>) {
    this.#random = random;
    this.lane = { name, requests: [], grants: [], beliefs: [], sections: [], states: [] };
  }

  holds(resource: string, at: number): boolean {
    const last = this.lane.grants.at(-1);
    return last !== undefined && last.resources[0] === resource && last.until > at;
  }

  /** Waits, is granted at that instant, works, releases. */
  hold({ resource, at, token, nodes }: Wish): GrantSpan {
    const random = this.#random;
    const attempt = this.#next();
    const waited = Math.min(1 + random.next() * 30, at - this.freeAt);
    const span = { from: at, until: at + 15 + random.next() * 45 };
    const isLost = random.next() < 0.03;
    const common = { attempt, resources: [resource], mode: "exclusive" as const };
    this.lane.requests.push({ ...common, from: at - waited, until: at, outcome: "granted" });
    const grant: GrantSpan = {
      ...common,
      ...span,
      fencingToken: token,
      extensions: [],
      ending: isLost ? "lost" : "released",
    };
    this.lane.grants.push(grant);
    const belief = isLost ? { ...span, until: span.until + 8 } : span;
    this.lane.beliefs.push({ attempt, ...belief });
    this.#work(attempt, resource, token, { from: at + 2, until: belief.until - 2 }, isLost);
    this.#vote(attempt, resource, token, nodes, at - 0.6);
    this.events.push({
      type: "granted",
      at,
      attempt,
      fencingToken: token,
      validUntil: at + 197,
      votes: 3,
      quorum: 3,
      startedAt: at - 0.8,
    });
    this.freeAt = belief.until + 0.5;
    return grant;
  }

  giveUp(resource: string, at: number, nodes: readonly string[]): void {
    const attempt = this.#next();
    const span = { from: at, until: at + 1 + this.#random.next() * 12 };
    const outcome = this.#random.next() < 0.2 ? "failed" : "refused";
    const error = {
      error:
        outcome === "failed"
          ? "QuorumError: too few nodes answered"
          : "LockHeldError: held by another",
    };
    this.lane.requests.push({
      resources: [resource],
      mode: "exclusive",
      ...span,
      outcome,
      ...error,
    });
    this.events.push({
      type: "invoke",
      at: at + 0.01,
      attempt,
      client: this.lane.name,
      resources: [resource],
      mode: "exclusive",
    });
    for (const node of nodes.slice(0, 3)) {
      this.events.push({
        type: "refusal",
        at: at + 0.3 + this.#random.next(),
        attempt,
        node,
        reason: "held",
      });
    }
    this.freeAt = span.until + 0.5;
  }

  suffer(state: ClientState["state"], from: number, until: number): void {
    const about = state === "down" ? "SIGKILL" : "SIGSTOP";
    this.lane.states.push({ from, until, state, about });
  }

  #work(attempt: string, resource: string, token: number, span: Span, isLate: boolean): void {
    const fenced = isLate ? "refused" : "accepted";
    const unfenced = isLate ? "overwrote" : "fine";
    this.lane.sections.push({ attempt, resource, fencingToken: token, ...span, fenced, unfenced });
  }

  #vote(
    attempt: string,
    resource: string,
    token: number,
    nodes: readonly string[],
    at: number,
  ): void {
    this.events.push({
      type: "invoke",
      at: at - 0.3,
      attempt,
      client: this.lane.name,
      resources: [resource],
      mode: "exclusive",
    });
    for (const node of nodes) {
      if (this.#random.next() < 0.25) continue;
      const vote = { attempt, node, resource, fencingToken: token, isQuarantined: false };
      this.events.push({
        type: "vote",
        at: at + this.#random.next() * 0.5,
        mode: "exclusive",
        ...vote,
      });
    }
  }

  #next(): string {
    const random = Math.floor(this.#random.next() * 2 ** 32).toString(36);
    return `${this.lane.name}:${++this.#count}:${random}`;
  }
}
