import * as decision from "../../src/memory/decision.ts";
import { alive, emptyRecord, type NodeRecord } from "../../src/memory/record.ts";

/** What a node decides by. */
export interface Rules {
  readonly acquire: typeof decision.acquire;
  readonly extend: typeof decision.extend;
  readonly release: typeof decision.release;
  readonly alive: typeof alive;
}

/** The rules that ship. */
export const production: Rules = {
  acquire: decision.acquire,
  extend: decision.extend,
  release: decision.release,
  alive,
};

/** `<` where `<=` belongs: the same ballot may win twice. */
export const acceptsEqualBallots: Rules = {
  ...production,
  acquire: (records, claim, terms, moment) => {
    const lower = records.map((each) => ({ ...each, ballot: each.ballot - 1 }));
    const step = decision.acquire(lower, claim, terms, moment);
    return step.answer.vote === "granted" ? step : { ...step, records };
  },
};

/** Redlock without ballots: whoever finds the slot free has it. */
export const acceptsAnyBallot: Rules = {
  ...production,
  acquire: (records, claim, terms, moment) => {
    const step = decision.acquire(records.map(withoutBallots), claim, terms, moment);
    if (step.answer.vote !== "granted") return { ...step, records };
    return { ...step, records: step.records.map((each, i) => higher(each, records[i])) };
  },
};

/** An owner that is in may come in again with whatever ballot. */
export const letsOwnersInAgain: Rules = {
  ...production,
  acquire: (records, claim, terms, moment) => {
    const isOwn = records.every(({ entries }) =>
      entries.some(({ kind, owner }) => kind === "holder" && owner === claim.owner),
    );
    return (isOwn ? acceptsAnyBallot : production).acquire(records, claim, terms, moment);
  },
};

/** A refused attempt raises the ballot all the same. */
export const raisesWhenRefused: Rules = {
  ...production,
  acquire: (records, claim, terms, moment) => {
    const step = decision.acquire(records, claim, terms, moment);
    if (step.answer.vote === "granted") return step;
    const { ballot } = terms;
    const floor: NodeRecord = { ...emptyRecord, ballot, exclusiveBallot: ballot };
    return { ...step, records: step.records.map((each) => higher(each, floor)) };
  },
};

/** An extension brings back what is gone, whoever was there meanwhile. */
export const healsBlindly: Rules = {
  ...production,
  extend: (records, claim, terms, moment) => {
    const step = decision.extend(records.map(withoutBallots), claim, terms, moment);
    return { ...step, records: step.records.map((each, i) => higher(each, records[i])) };
  },
};

/** Readers that come back look only at readers' ballots, or at none. */
export const forgetsReaders: Rules = {
  ...production,
  extend: (records, claim, terms, moment) => {
    const blind = records.map((each) => ({ ...each, ballot: each.exclusiveBallot }));
    const step = decision.extend(blind, claim, terms, moment);
    return { ...step, records: step.records.map((each, i) => higher(each, records[i])) };
  },
};

/** A release takes back the ballot, whether anybody had the lock by it or not. */
export const takesTokensBack: Rules = {
  ...production,
  release: (records, claim, leaving, nowMs) =>
    decision.release(records, { ...claim, granted: false }, leaving, nowMs),
};

/** Each node counts its grants; nobody proposes anything. */
export const countsGrants: Rules = {
  ...production,
  acquire: (records, claim, { ttlMs }, moment) => {
    const ballot = Math.max(...records.map((each) => each.ballot)) + 1;
    return decision.acquire(records, claim, { ttlMs, ballot }, moment);
  },
};

/** Whoever asks has it. */
export const letsAllIn: Rules = {
  ...production,
  acquire: (records, claim, terms, moment) => {
    const free = records.map((each) => ({ ...each, entries: [] }));
    return decision.acquire(free, claim, terms, moment);
  },
};

function withoutBallots(record: NodeRecord): NodeRecord {
  return { ...record, ballot: 0, exclusiveBallot: 0 };
}

function higher(record: NodeRecord, other: NodeRecord | undefined): NodeRecord {
  return {
    ...record,
    ballot: Math.max(record.ballot, other?.ballot ?? 0),
    exclusiveBallot: Math.max(record.exclusiveBallot, other?.exclusiveBallot ?? 0),
  };
}
