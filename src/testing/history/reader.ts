import { isGrant, type Account, type Grant, type Ranked, type Round } from "./account.ts";
import type { EventOf, HistoryEvent } from "./event.ts";

/** A belief, and what it should have been based on. */
export interface Asked extends Ranked<EventOf<"belief">> {
  readonly standing: Round;
  readonly ending: Grant["ending"];
}

/** Goes through a history once, in its order, and notes what became of everybody. */
export class Reader {
  readonly accounts: Map<string, Account> = new Map();
  readonly grants: Grant[] = [];
  readonly rounds: Round[] = [];
  readonly beliefs: Asked[] = [];
  readonly votes: Ranked<EventOf<"vote">>[] = [];
  readonly writes: Ranked<EventOf<"write">>[] = [];
  /** Who has what an attempt won, where it was handed on. */
  readonly #heirs = new Map<string, Account>();

  read(event: HistoryEvent, rank: number): void {
    switch (event.type) {
      case "invoke":
        this.#invoke({ event, rank });
        break;
      case "granted":
        this.#grant({ event, rank });
        break;
      case "failed":
        this.#fail({ event, rank });
        break;
      case "extended":
        this.#extend({ event, rank });
        break;
      case "releasing":
      case "lost":
        this.#account(event).ending ??= { event, rank };
        break;
      case "belief":
        this.#believe({ event, rank });
        break;
      case "drop":
        this.#drop({ event, rank });
        break;
      case "vote":
        this.votes.push({ event, rank });
        break;
      case "write":
        this.writes.push({ event, rank });
        break;
      case "extending":
      case "leftover":
      case "fault":
      case "refusal":
    }
  }

  #invoke(invoke: Ranked<EventOf<"invoke">>): void {
    const { event } = invoke;
    const { attempt, resources } = event;
    if (this.accounts.has(attempt)) throw contradiction(event, "begins a second time");
    if (resources.length === 0) throw contradiction(event, "asks for nothing");
    if (resources.length > 1 && new Set(resources).size < resources.length) {
      throw contradiction(event, "asks twice for the same");
    }
    this.accounts.set(attempt, {
      invoke,
      granted: undefined,
      failed: undefined,
      latest: undefined,
      ending: undefined,
      robbery: undefined,
    });
  }

  #grant(granted: Ranked<EventOf<"granted">>): void {
    const { event } = granted;
    const account = this.#account(event);
    if (account.granted !== undefined) throw contradiction(event, "is granted a second time");
    if (account.failed !== undefined) throw contradiction(event, "is granted after it failed");
    if (![event.fencingToken, event.validUntil, event.startedAt].every(Number.isFinite)) {
      throw contradiction(event, "is granted with something that is not a number");
    }
    account.granted = granted;
    // The two refer to each other: the grant is complete with the round.
    const grant = account as Grant;
    const { rank } = granted;
    grant.latest = { event, rank, grant, validUntil: event.validUntil, previous: undefined };
    this.grants.push(grant);
    if (event.handedOn !== undefined) this.#inherit(grant, event.handedOn.wonBy);
    this.rounds.push(grant.latest);
  }

  /** It has what the one before had: what was taken away from that one was taken away from it. */
  #inherit(grant: Grant, wonBy: string): void {
    const former = this.#heirs.get(wonBy) ?? this.accounts.get(wonBy);
    grant.robbery = former?.robbery;
    this.#heirs.set(wonBy, grant);
  }

  #fail(failed: Ranked<EventOf<"failed">>): void {
    const account = this.#account(failed.event);
    if (account.granted !== undefined) throw contradiction(failed.event, "fails after its grant");
    if (account.failed !== undefined) throw contradiction(failed.event, "fails a second time");
    account.failed = failed;
  }

  #extend({ event, rank }: Ranked<EventOf<"extended">>): void {
    const grant = this.#granted(event);
    if (!Number.isFinite(event.validUntil)) {
      throw contradiction(event, "is extended until something that is not a number");
    }
    // Its answer came too late to matter.
    if (grant.ending !== undefined) return;
    const previous = grant.latest;
    const validUntil = Math.max(previous.validUntil, event.validUntil);
    grant.latest = { event, rank, grant, validUntil, previous };
    this.rounds.push(grant.latest);
  }

  #believe({ event, rank }: Ranked<EventOf<"belief">>): void {
    const { latest, ending } = this.#granted(event);
    this.beliefs.push({ event, rank, standing: latest, ending });
  }

  #drop({ event, rank }: Ranked<EventOf<"drop">>): void {
    if (event.kind !== "steal" && event.kind !== "force") return;
    const account = this.#heirs.get(event.attempt) ?? this.accounts.get(event.attempt);
    if (account !== undefined) account.robbery ??= { event, rank };
  }

  #account(
    event: EventOf<"granted" | "failed" | "extended" | "releasing" | "lost" | "belief">,
  ): Account {
    const account = this.accounts.get(event.attempt);
    if (account === undefined) throw contradiction(event, "never began");
    return account;
  }

  #granted(event: EventOf<"extended" | "belief">): Grant {
    const account = this.#account(event);
    if (!isGrant(account)) throw contradiction(event, "was not granted before");
    return account;
  }
}

/** The history is not to be believed. */
export function contradiction(event: HistoryEvent, what: string): Error {
  const who = "attempt" in event ? `: ${event.attempt}` : "";
  return new Error(`the history contradicts itself${who} ${what} (${event.type} at ${event.at})`);
}
