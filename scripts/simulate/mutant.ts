import type { Patch } from "./patched-source.ts";

/** A way to break the library, in one line: the checker has to convict it. */
export interface Mutant {
  readonly name: string;
  readonly about: string;
  readonly patch: Patch;
}

export const mutants: readonly Mutant[] = [
  {
    name: "no-elapsed-check",
    about: "A lock is handed out however long the round took",
    patch: {
      file: "quorum/quorum-backend.ts",
      find: "const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);",
      replace: "const isInTime = true;",
    },
  },
  {
    name: "validity-from-the-quorum",
    about: "Validity counts from when the votes were in, not from before they were asked for",
    patch: {
      file: "quorum/quorum-backend.ts",
      find: "const until = validUntil(startedAt, ttlMs, this.#clockMarginMs);\n      const isInTime",
      replace:
        "const until = validUntil(this.world.clock.now(), ttlMs, this.#clockMarginMs);\n      const isInTime",
    },
  },
  {
    name: "no-drift",
    about: "Nothing is given up for clocks that run apart",
    patch: {
      file: "core/validity.ts",
      find: "return ttlMs * driftShare + driftFloorMs;",
      replace: "return ttlMs * 0;",
    },
  },
  {
    name: "half-is-a-majority",
    about: "Half of the nodes, rounded down, are a quorum",
    patch: {
      file: "quorum/settings.ts",
      find: "return Math.floor(nodeCount / 2) + 1;",
      replace: "return Math.max(1, Math.floor(nodeCount / 2));",
    },
  },
  {
    name: "one-vote-less",
    about: "A round is won with one vote less than a quorum",
    patch: {
      file: "quorum/tally.ts",
      find: "this.#granted >= this.#quorum",
      replace: "this.#granted >= this.#quorum - 1",
    },
  },
  {
    name: "extension-without-quorum",
    about: "An extension counts whatever the nodes say",
    patch: {
      file: "quorum/quorum-backend.ts",
      find: "if (isWon) {\n        const until",
      replace: "if (votes.length > 0) {\n        const until",
    },
  },
  {
    name: "release-of-anybody",
    about: "A release deletes whoever holds it, as a plain DEL does",
    patch: {
      file: "memory/decision.ts",
      find: "const left = isHeldBy(record, owner) ? { ...without(record, owner), ...ballots } : record;",
      replace: "const left = { ...record, entries: [] };",
    },
  },
  {
    name: "same-owner-for-all-tries",
    about: "All tries of a client have one owner value",
    patch: {
      file: "core/claim-maker.ts",
      find: "owner: `${this.#clientId}.${(this.#count++).toString(36)}`",
      replace: "owner: `${this.#clientId}.${this.#count * 0}`",
    },
  },
  {
    name: "release-takes-tokens-back",
    about: "A release takes back the ballot of a lock that somebody had, too",
    patch: {
      file: "memory/decision.ts",
      find: "const ballots = claim.granted ? {} : ballotsBefore(record, owner);",
      replace: "const ballots = ballotsBefore(record, owner);",
    },
  },
  {
    name: "extension-grants-anew",
    about: "An extension takes back what was lost, whoever was there since",
    patch: {
      file: "memory/obstacle.ts",
      find: "return newest <= fencingToken && !record.entries.some(isObstacle);",
      replace: "return newest <= Infinity && !record.entries.some(isObstacle);",
    },
  },
  {
    name: "any-ballot",
    about: "A node takes ballots that are below what it has accepted",
    patch: {
      file: "memory/obstacle.ts",
      find: "if (ballot <= record.ballot && !isAgain)",
      replace: "if (ballot <= 0 && !isAgain)",
    },
  },
  {
    name: "ballots-of-any-time",
    about: "A node does not compare ballots with its clock",
    patch: {
      file: "memory/obstacle.ts",
      find: "return isFitting ? undefined :",
      replace: "return isFitting || true ? undefined :",
    },
  },
  {
    name: "guards-off",
    about: "A node votes whatever became of its data, as in plain Redlock",
    patch: {
      file: "memory/memory-server.ts",
      find: "if (entry.processId !== this.#processId || !isSameEntry(this.#entry, entry)) throw new NoVote();",
      replace: "",
    },
  },
  {
    name: "no-quarantine",
    about: "A node that may have forgotten votes again at once",
    patch: {
      file: "quorum/membership.ts",
      find: "const lengthUs = quarantineMs(terms) * 1000;",
      replace: "const lengthUs = quarantineMs(terms) * 0;",
    },
  },
  {
    name: "short-quarantine",
    about: "It waits for a third of the time",
    patch: {
      file: "quorum/membership.ts",
      find: "const lengthUs = quarantineMs(terms) * 1000;",
      replace: "const lengthUs = quarantineMs(terms) * 333;",
    },
  },
  {
    name: "held-by-memory",
    about: "held says what was last known, not what the clock says",
    patch: {
      file: "core/held-lock.ts",
      find: "return this.remainingMs > 0;",
      replace: 'return this.#state === "held";',
    },
  },
  {
    name: "shared-beside-exclusive",
    about: "A shared claim is granted beside an exclusive holder",
    patch: {
      file: "memory/record.ts",
      find: 'claim.mode === "exclusive" || entry.mode === "exclusive"',
      replace: 'claim.mode === "exclusive"',
    },
  },
  {
    name: "tokens-nobody-took",
    about: "Nodes do not accept the tokens with which a grant is handed on",
    patch: {
      file: "memory/decision.ts",
      find: "const top = ballot + spareTokensOf(claim);",
      replace: "const top = ballot + 0 * spareTokensOf(claim);",
    },
  },
  {
    name: "handed-on-for-ever",
    about: "A grant is handed on when its time is over, too",
    patch: {
      file: "quorum/relay.ts",
      find: "return now - startedAt <= Math.min(longestRowMs, ttlMs * rowShare) && now < validUntil;",
      replace: "return now >= startedAt;",
    },
  },
  {
    name: "one-token-for-all",
    about: "All that is handed on has the same token",
    patch: {
      file: "quorum/relay.ts",
      find: "const fencingToken = baton.nextToken++;",
      replace: "const fencingToken = baton.nextToken;",
    },
  },
  {
    name: "first-resource-only",
    about: "Of several resources only the first one has to be free",
    patch: {
      file: "memory/decision.ts",
      find: "records.map((record, index) => conflict(",
      replace: "records.slice(0, 1).map((record, index) => conflict(",
    },
  },
];
