import * as rules from "./rules.ts";
import { strict, type Expedition } from "./safe-worlds.ts";
import { exclusive, shared, timed, untimed, type Setting } from "./setting.ts";

/** What has to be found, and nothing else. */
export interface Hunt extends Expedition {
  readonly finds: RegExp;
}

const sameToken = /the same token/;
const meanwhile = /goes on with a lock/;
const atOnce = /the lock at once/;

function still(name: string, change: Partial<Setting>, finds: RegExp): Hunt {
  return { name, setting: { ...untimed, ...change }, finds };
}

function ticking(name: string, change: Partial<Setting>, finds: RegExp): Hunt {
  return { name, setting: { ...timed, ...change }, finds };
}

const healing = { extensions: 1, checks: ["continuity"] } as const;
const crowd = { nodes: 5, ttl: 1, maxSkew: 0, ballots: [0, 0], horizon: 1 } as const;

/** Rules and figures that are wrong: each has to be caught. */
export const wrongWorlds: readonly Hunt[] = [
  still("an equal ballot is accepted", { rules: rules.acceptsEqualBallots }, sameToken),
  still("any ballot is accepted", { rules: rules.acceptsAnyBallot }, sameToken),
  still(
    "an owner that is in gets any ballot",
    { rules: rules.letsOwnersInAgain, attempts: [shared, shared], rounds: 2, ballots: [1, 3] },
    sameToken,
  ),
  still(
    "an extension heals without the ballot",
    { ...healing, rules: rules.healsBlindly },
    meanwhile,
  ),
  still(
    "a writer's extension overlooks readers",
    { ...healing, rules: rules.forgetsReaders, attempts: [exclusive, shared] },
    meanwhile,
  ),
  still(
    "a release takes back the token of a lock that somebody had",
    { rules: rules.takesTokensBack, tombstones: [0] },
    sameToken,
  ),
  still(
    "nodes count, the highest count is the token",
    { rules: rules.countsGrants, token: "highest-count" },
    sameToken,
  ),
  still(
    "whoever asks has it",
    { rules: rules.letsAllIn, expiry: "clock", checks: ["exclusion"] },
    atOnce,
  ),
  still("a node forgets, and votes at once", { losses: 1 }, sameToken),
  ticking("quarantine 0", { losses: 1, quarantine: 0, checks: ["exclusion"] }, atOnce),
  ticking("quarantine ttl - 1", { losses: 1, quarantine: 1, checks: ["exclusion"] }, atOnce),
  ticking("quarantine 2 skew", { losses: 1, quarantine: 2, checks: ["tokens"] }, sameToken),
  ticking(
    "quarantine 2 skew + 1, clock set back by 1",
    { losses: 1, quarantine: 3, setBack: 1, checks: ["tokens"] },
    sameToken,
  ),
  ticking("retention 2 skew - 1", { retention: 1, tombstones: [0] }, sameToken),
  ticking(
    "ballots of any distance, and a node forgets",
    { losses: 1, maxSkew: 1e6, ballots: [-2, 2], checks: ["tokens"] },
    sameToken,
  ),
  ticking("a lock is taken without a look at the clock", { isPunctual: false }, atOnce),
  ticking(
    "5 nodes, bare majority, one forgets at once",
    { ...crowd, quorum: 3, losses: 1, quarantine: 0, checks: ["exclusion"] },
    atOnce,
  ),
  ticking(
    "5 nodes, quorum of 4, three forget at once",
    { ...crowd, quorum: 4, losses: 3, quarantine: 0, checks: ["exclusion"] },
    atOnce,
  ),
  ticking("a clock jumps by twice the bound", { jumps: 1, jumpsBy: [2] }, atOnce),
  ticking("strict: margin of 2 skews", { ...strict, margin: 2, horizon: 5, offsets: [] }, atOnce),
];

const farther = { faulty: 1, horizon: 2, jumpsInOrder: true } as const;

/** What the rules that ship do not withstand. */
export const limits: readonly Hunt[] = [
  ticking(
    "strict: a clock leaps past ttl and retention, and back",
    { ...strict, ...farther, jumps: 2, jumpsBy: [17, -17] },
    atOnce,
  ),
  ticking(
    "a clock leaps past ttl and retention, and back",
    { ...farther, jumps: 2, jumpsBy: [7, -7], checks: ["tokens"] },
    sameToken,
  ),
  ticking(
    "a node forgets while its clock is behind, which is put right after",
    { ...farther, losses: 1, setBack: 6, jumps: 1, jumpsBy: [6], checks: ["exclusion"] },
    atOnce,
  ),
  ticking(
    "the same, for tokens",
    { ...farther, losses: 1, setBack: 6, jumps: 1, jumpsBy: [6], checks: ["tokens"] },
    sameToken,
  ),
];
