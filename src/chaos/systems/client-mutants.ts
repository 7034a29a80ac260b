import type { Mutant } from "./mutant.ts";

/** What clients do wrong: with time, with votes, with their locks. */
export const clientMutants: readonly Mutant[] = [
  {
    name: "no-elapsed-check",
    about: "A lock is handed out however long the round took.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "const isInTime = until - this.world.clock.now() >= minimumValidityMs(ttlMs);",
        replace: "const isInTime = true;",
      },
    ],
    scenarios: ["frozen-between"],
    by: "birth",
  },
  {
    name: "validity-from-the-quorum",
    about: "Validity counts from when the votes were in, not from before they were asked for.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "validUntil(startedAt, ttlMs, this.#clockMarginMs);\n            const isInTime",
        replace:
          "validUntil(this.world.clock.now(), ttlMs, this.#clockMarginMs);\n            const isInTime",
      },
    ],
    scenarios: ["frozen-between"],
    by: "exclusion",
  },
  {
    name: "one-vote-less",
    about: "A round is won with one vote less than a quorum.",
    patches: [
      {
        file: "quorum/tally.js",
        find: "this.#granted >= this.#quorum",
        replace: "this.#granted >= this.#quorum - 1",
      },
    ],
    scenarios: ["disjoint-halves", "calm"],
    by: "birth",
  },
  {
    name: "held-by-memory",
    about: "held says what was last known, not what the clock says.",
    patches: [
      {
        file: "core/held-lock.js",
        find: "return this.remainingMs > 0;",
        replace: 'return this.#state === "held";',
      },
    ],
    scenarios: ["stalled-loop", "frozen-holder"],
    by: "belief",
  },
  {
    name: "monotonic-alone",
    about:
      "Elapsed time is what the monotonic clock says, which stands still while a machine sleeps.",
    patches: [
      {
        file: "system/system-clock.js",
        find: "return monotonic + sleptMs;",
        replace: "return monotonic;",
      },
    ],
    scenarios: ["suspended-client"],
    by: "belief",
  },
  {
    name: "wall-clock-alone",
    about: "Elapsed time is what the wall clock says, which can be set back.",
    patches: [
      {
        file: "system/system-clock.js",
        find: "return monotonic + sleptMs;",
        replace: "return Date.now();",
      },
    ],
    scenarios: ["client-clock-back"],
    by: "belief",
  },
  {
    name: "same-owner",
    about: "All locks of a client have one owner value on the nodes.",
    patches: [
      {
        file: "redis/script-calls.js",
        find: "function fieldOf({ mode, owner }) {",
        replace: "function fieldOf({ mode, clientId: owner }) {",
      },
    ],
    scenarios: ["late-own-release"],
    by: "exclusion",
  },
  {
    name: "largest-vote",
    about: "The token is the largest number that a node voted with, not the ballot that all took.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "onAnswer: (index, answer) => {",
        replace:
          "onAnswer: (index, answer) => { if (answer.vote === 'granted')" +
          " claim.largest = Math.max(claim.largest ?? 0, answer.clockUs);",
      },
      {
        file: "quorum/quorum-backend.js",
        find: "validUntil: until, ballot, votes, tally }",
        replace: "validUntil: until, ballot: claim.largest, votes, tally }",
      },
    ],
    scenarios: ["handed-over"],
    by: "tokens",
  },
  {
    name: "no-drift",
    about: "Nothing is given up for clocks that run apart.",
    patches: [
      {
        file: "core/validity.js",
        find: "return ttlMs * driftShare + driftFloorMs;",
        replace: "return 0 * ttlMs;",
      },
    ],
    scenarios: ["clock-slightly-fast"],
    by: "exclusion",
  },
  {
    name: "never-settles",
    about: "A call that no quorum granted never settles.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "await this.#releases.undo(claim, { ttlMs, timeoutMs, votes, isOnlyTry });",
        replace: "await new Promise(() => {});",
      },
    ],
    scenarios: ["minority-left-clean"],
    by: "errors",
  },
  {
    name: "no-release-on-failure",
    about: "What a try that failed was granted stays on the nodes until its time is over.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "await this.#releases.undo(claim, { ttlMs, timeoutMs, votes, isOnlyTry });",
        replace: "",
      },
    ],
    scenarios: ["minority-left-clean"],
    by: "liveness",
  },
];
