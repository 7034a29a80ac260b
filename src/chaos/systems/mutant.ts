import type { Patch } from "./patched-build.ts";

/** A way to break this library, in few lines: the harness has to notice. */
export interface Mutant {
  readonly name: string;
  readonly about: string;
  readonly patches: readonly Patch[];
  readonly scenarios: readonly string[];
}

const noQuarantine: Patch = {
  file: "quorum/membership.js",
  find: "const lengthUs = quarantineMs(terms) * 1000;",
  replace: "const lengthUs = quarantineMs(terms) * 0;",
};

export const mutants: readonly Mutant[] = [
  {
    name: "guards-off",
    about: "A node votes whatever became of its data and of its clock, as in plain Redlock.",
    patches: [
      noQuarantine,
      {
        file: "redis/script/acquire.js",
        find: "local isFitting = ballot >= nowUs - MAX_SKEW and ballot <= nowUs + MAX_SKEW",
        replace: "local isFitting = true",
      },
      {
        file: "redis/script/acquire.js",
        find: "return ballot >= nowUs - MAX_SKEW and ballot <= most + MAX_SKEW",
        replace: "return true",
      },
    ],
    scenarios: ["restart-empty", "flushed", "all-restarted", "clock-ahead-far"],
  },
  {
    name: "no-quarantine",
    about: "A node that may have forgotten votes again at once.",
    patches: [noQuarantine],
    scenarios: ["restart-empty", "flushed"],
  },
  {
    name: "short-quarantine",
    about: "It waits for a tenth of the time.",
    patches: [{ ...noQuarantine, replace: "const lengthUs = quarantineMs(terms) * 100;" }],
    scenarios: ["restart-empty"],
  },
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
  },
  {
    name: "release-of-anybody",
    about: "A release deletes whoever holds it, as a plain DEL does.",
    patches: [
      {
        file: "redis/script/release.js",
        find: "local isOwn = at and string.sub(value, at, at + #ARGV[1] - 1) == ARGV[1]",
        replace: "local isOwn = at",
      },
      {
        file: "redis/script/release.js",
        find: "local isGone = (holds(line) and line.id == owner)",
        replace: "local isGone = holds(line)",
      },
    ],
    scenarios: ["late-release"],
  },
  {
    name: "shared-beside-exclusive",
    about: "A shared claim is granted beside an exclusive holder.",
    patches: [
      {
        file: "redis/script/acquire.js",
        find: "and (mode == 'x' or line.kind == 'x') end",
        replace: "and mode == 'x' end",
      },
    ],
    scenarios: ["calm"],
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
  },
  {
    name: "physical-expiry",
    about: "A record is kept for a few seconds only: a clock that leaps frees the lock for good.",
    patches: [
      {
        file: "quorum/entry.js",
        find: "export const leastKeptMs = 120_000;",
        replace: "export const leastKeptMs = 0;",
      },
    ],
    scenarios: ["clock-excursion"],
  },
  {
    name: "sent-again",
    about: "The client library sends again what was on its way when the connection broke.",
    patches: [
      {
        file: "redis/safe-options.js",
        find: "autoResendUnfulfilledCommands: false,",
        replace: "autoResendUnfulfilledCommands: true,",
      },
      {
        file: "redis/safe-options.js",
        find: "maxRetriesPerRequest: 0,",
        replace: "maxRetriesPerRequest: null,",
      },
      noQuarantine,
    ],
    scenarios: ["sent-again"],
  },
  {
    name: "no-release-on-failure",
    about: "What a try that failed was granted stays on the nodes until its time is over.",
    patches: [
      {
        file: "quorum/quorum-backend.js",
        find: "await this.#undo(claim, ttlMs, votes);",
        replace: "",
      },
    ],
    scenarios: ["minority-left-clean"],
  },
];
