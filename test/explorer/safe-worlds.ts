import { raisesWhenRefused } from "./rules.ts";
import { exclusive, shared, thief, timed, untimed, type Setting } from "./setting.ts";

/** A world that is searched, and what has to come of it. */
export interface Expedition {
  readonly name: string;
  readonly setting: Setting;
  /** No fewer states: a search that has become empty finds nothing wrong. */
  readonly least?: number;
}

const three = { attempts: [exclusive, exclusive, exclusive], ballots: [1, 3] } as const;
const five = { nodes: 5, quorum: 3 } as const;
const again = { rounds: 2, ballots: [1, 3] } as const;
const ends = { tombstones: [1] } as const;

function still(name: string, change: Partial<Setting>, least: number): Expedition {
  return { name, setting: { ...untimed, ...change }, least };
}

function ticking(name: string, change: Partial<Setting>, least: number): Expedition {
  return { name, setting: { ...timed, ...change }, least };
}

/** One node's clock does what it likes; the others are within the bound of each other. */
export const strict: Partial<Setting> = {
  ttl: 7,
  quarantine: 9,
  retention: 9,
  horizon: 3,
  margin: 5,
  faulty: 1,
  ballots: [-2, 2],
  offsets: [0, 0, 1],
  jumps: 3,
  jumpsBy: [-2, 2],
  checks: ["exclusion"],
};

/** Nothing may go wrong in these. */
export const safeWorlds: readonly Expedition[] = [
  still("3 nodes, 2 attempts", {}, 600),
  still("3 nodes, 3 attempts", three, 40_000),
  still("5 nodes, 2 attempts", five, 3000),
  still("each message once, with another ballot", { ...again, deliveries: 1 }, 2000),
  still("each message twice", { deliveries: 2 }, 600),
  still("giving up, with another ballot", { ...again, ...ends }, 400_000),
  still("5 nodes, giving up", { ...five, ...ends }, 800_000),
  still("extension and giving back", { extensions: 1, ...ends }, 500_000),
  still("extension with another ballot", { ...again, extensions: 1 }, 140_000),
  still("two extensions", { extensions: 2 }, 10_000),
  still("5 nodes, extension", { ...five, extensions: 1 }, 300_000),
  still("reader and writer", { attempts: [shared, exclusive], extensions: 1, ...ends }, 600_000),
  still("2 readers and a writer", { ...three, attempts: [shared, shared, exclusive] }, 100_000),
  still("2 readers, another ballot", { ...again, attempts: [shared, shared] }, 2000),
  still("a thief, extension", { attempts: [exclusive, thief], extensions: 1 }, 10_000),
  still("2 attempts and a thief", { ...three, attempts: [exclusive, exclusive, thief] }, 100_000),
  still(
    "two resources at once",
    {
      ...three,
      attempts: [["a", "b"], ["a"], ["b"]].map((resources) => ({ ...exclusive, resources })),
    },
    100_000,
  ),
  still(
    "refusals raise the ballot",
    { ...again, extensions: 1, rules: raisesWhenRefused },
    200_000,
  ),
  still(
    "nothing expires: never two at once",
    { ...again, expiry: "clock", tombstones: [0, 1], checks: ["tokens", "exclusion"] },
    10_000,
  ),
  ticking("time, with extension", { extensions: 1 }, 100_000),
  ticking("a node forgets", { losses: 1, horizon: 6 }, 60_000),
  ticking(
    "a node forgets, its clock is set back by 2",
    { losses: 1, setBack: 2, ballots: [-3, 1], horizon: 6, checks: ["tokens"] },
    200_000,
  ),
  ticking("records are dropped in time", { tombstones: [0], horizon: 6 }, 50_000),
  ticking("a clock jumps by more than twice the bound", { jumps: 1, jumpsBy: [3] }, 20_000),
  ticking(
    "5 nodes, quorum of 4, 2 forget at once",
    {
      nodes: 5,
      quorum: 4,
      losses: 2,
      quarantine: 0,
      ttl: 1,
      maxSkew: 0,
      ballots: [0, 0],
      horizon: 1,
      checks: ["exclusion"],
    },
    1000,
  ),
  ticking("strict: a clock jumps three times", strict, 250_000),
  ticking("strict: a clock far back and forth", { ...strict, jumps: 2, jumpsBy: [9, -9] }, 100_000),
  ticking(
    "a clock is set back past the retention, a release, and forth again",
    {
      faulty: 1,
      horizon: 2,
      jumpsInOrder: true,
      jumps: 2,
      jumpsBy: [-5, 5],
      tombstones: [0],
      checks: ["tokens"],
    },
    10_000,
  ),
];

/** The same, larger. */
export const longWorlds: readonly Expedition[] = [
  still("all at once", { ...again, extensions: 1, ...ends }, 1_000_000),
  still("3 attempts, extension", { ...three, extensions: 1 }, 2_000_000),
  still("each message twice, with another ballot", { ...again, deliveries: 2 }, 1_000_000),
  still("each message twice, with extension", { extensions: 1, deliveries: 2 }, 9_000_000),
  still(
    "a thief, giving back",
    { attempts: [exclusive, thief], extensions: 1, ...ends },
    1_000_000,
  ),
  still(
    "nothing expires, 3 attempts",
    { ...three, expiry: "clock", tombstones: [0, 1], checks: ["tokens", "exclusion"] },
    20_000_000,
  ),
  still(
    "2 readers and a writer, extension",
    { ...three, attempts: [shared, shared, exclusive], extensions: 1 },
    1_000_000,
  ),
  ticking("a node forgets, extension", { losses: 1, horizon: 6, extensions: 1 }, 2_000_000),
  ticking(
    "strict: a clock jumps, extension",
    { ...strict, jumps: 2, extensions: 1, sentOff: [-1, 0, 1] },
    3_000_000,
  ),
];
