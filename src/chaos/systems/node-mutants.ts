import type { Mutant } from "./mutant.ts";
import type { Patch } from "./patched-build.ts";

const noQuarantine: Patch = {
  file: "quorum/membership.js",
  find: "const lengthUs = quarantineMs(terms) * 1000;",
  replace: "const lengthUs = quarantineMs(terms) * 0;",
};

/** What nodes do wrong, and what is done wrong about them. */
export const nodeMutants: readonly Mutant[] = [
  {
    name: "guards-off",
    about: "A node votes whatever became of its data and of its clock, as in plain Redlock.",
    patches: [
      noQuarantine,
      {
        file: "redis/script/acquire.js",
        find: " and\n  ballot >= nowUs - MAX_SKEW and ballot + ${mostSpareTokens} <= nowUs + MAX_SKEW",
        replace: "",
      },
      {
        file: "redis/script/acquire.js",
        find: "return lowest >= nowUs - MAX_SKEW and ballot <= most + MAX_SKEW",
        replace: "return true",
      },
    ],
    scenarios: ["restart-empty", "flushed", "all-restarted", "clock-ahead-far"],
    by: "exclusion",
  },
  {
    name: "no-quarantine",
    about: "A node that may have forgotten votes again at once.",
    patches: [noQuarantine],
    scenarios: ["restart-empty", "flushed"],
    by: "exclusion",
  },
  {
    name: "short-quarantine",
    about: "It waits for a tenth of the time.",
    patches: [{ ...noQuarantine, replace: "const lengthUs = quarantineMs(terms) * 100;" }],
    scenarios: ["restart-empty"],
    by: "exclusion",
  },
  {
    name: "release-of-anybody",
    about: "A release deletes whoever holds it, as a plain DEL does.",
    patches: [
      {
        file: "redis/script/release.js",
        find: "local place = placeOf(found, owner)",
        replace: "local place = found.holders[1] and 1",
      },
      {
        file: "redis/vote-call.js",
        find: 'encodedCommand(["HDEL", ...keys, ...own])',
        replace: 'encodedCommand(["DEL", ...keys])',
      },
    ],
    scenarios: ["late-release"],
    by: "exclusion",
  },
  {
    name: "shared-beside-exclusive",
    about: "A shared claim is granted beside an exclusive holder.",
    patches: [
      {
        file: "redis/script/acquire.js",
        find: "if each.id ~= owner and (mode == 'x' or each.kind == 'x') then",
        replace: "if each.id ~= owner and mode == 'x' then",
      },
    ],
    scenarios: ["reader-and-writer"],
    by: "exclusion",
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
    by: "exclusion",
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
    by: "birth",
  },
  {
    name: "extension-sets-again",
    about: "An extension sets the record again without a look at who stands there.",
    patches: [
      {
        file: "redis/script/extend.js",
        find: "if math.abs(ARGV[4] - nowUs) > MAX_SKEW then",
        replace: "if false then",
      },
      {
        file: "redis/script/extend.js",
        find: "if newest > fencingToken or isInTheWay(found) then return noLonger(found, owner, i) end",
        replace: "while found.holders[1] do drop(found, 1) end found.notes = {}",
      },
    ],
    scenarios: ["late-release"],
    by: "exclusion",
  },
  {
    name: "one-server-two-votes",
    about: "A server that is listed twice has two votes.",
    patches: [
      {
        file: "redis/fitness.js",
        find: "if (other !== undefined) {",
        replace: "if (other === null) {",
      },
    ],
    scenarios: ["listed-twice"],
    by: "exclusion",
  },
];
