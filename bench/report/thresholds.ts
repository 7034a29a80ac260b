import type { Run } from "../result.ts";
import { figureOf, type FigurePlace } from "./results.ts";

/** What this library set out to reach, and what was measured. */
export interface Threshold {
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly isMet: boolean | undefined;
}

export const peers: readonly string[] = [
  ...["redlock", "@sesamecare-oss/redlock", "redis-semaphore", "redlock-universal"],
];

type Asked = Omit<FigurePlace, "system">;
type Value = (run: Run) => number | undefined;

const ours =
  (place: Asked): Value =>
  (run) =>
    figureOf(run, { ...place, system: "quorumlock" });

/** Ours against the best of the other libraries. */
const againstPeers =
  (place: Asked, best: (...values: number[]) => number): Value =>
  (run) => {
    const theirs = peers.flatMap((system) => figureOf(run, { ...place, system }) ?? []);
    const mine = ours(place)(run);
    return mine === undefined || theirs.length === 0 ? undefined : mine / best(...theirs);
  };

const at = (workload: string, name: string) => (figure: string) => ({
  workload,
  case: name,
  figure,
});

const alone = at("uncontended", "alone");
const many = at("throughput", "100 at once");
const underLoad = at("faults", "one hung, under load");
const fourByFive = at("contended", "4 x 5, section 1 ms");
const fourByOne = at("contended", "4 x 1, section 1 ms");
const fifty = at("contended", "1 x 50, section 1 ms");
const held = at("held", "10000 locks");

type Bound = readonly ["<=" | ">=" | "<", number, digits: number, unit: string];

const rows: readonly (readonly [what: string, value: Value, bound: Bound])[] = [
  ["alone, a pair against raw ioredis", ours(alone("ratio")), ["<=", 1.05, 2, "x"]],
  ["100 at once, pairs/s against raw ioredis", ours(many("ratio")), [">=", 5, 2, "x"]],
  [
    "100 at once, pairs/s against the fastest other library",
    againstPeers(many("rate"), Math.max),
    [">=", 5, 2, "x"],
  ],
  ...["one slow", "one dead", "one hung"].flatMap((name) => {
    const fault = at("faults", name);
    return [
      [`${name}: acquire, median against healthy`, ours(fault("ratio")), ["<=", 1.1, 2, "x"]],
      [`${name}: acquire, p99 against healthy`, ours(fault("ratioP99")), ["<=", 1.5, 2, "x"]],
    ] as const;
  }),
  ["a hung node, a minute of load: memory", ours(underLoad("grown")), ["<", 5, 1, "MiB"]],
  ["the same: stale acquires when it wakes", ours(underLoad("stale")), ["<=", 0, 0, ""]],
  ["4 x 5 waiters, 1 ms: hand-off p99", ours(fourByFive("handOffP99")), ["<=", 3, 1, "ms"]],
  ["4 x 5: commands for each grant", ours(fourByFive("commands")), ["<=", 12, 1, ""]],
  ["4 x 5: Jain's index", ours(fourByFive("jain")), [">=", 0.98, 3, ""]],
  ["4 x 5: longest wait against the fair share", ours(fourByFive("waitRatio")), ["<=", 3, 1, "x"]],
  ["4 x 1 waiters, 1 ms: commands for each grant", ours(fourByOne("commands")), ["<=", 25, 1, ""]],
  ["4 x 1: longest time without a holder", ours(fourByOne("gap")), ["<=", 15, 1, "ms"]],
  [
    "50 waiters in one process: commands for each grant",
    ours(fifty("commands")),
    ["<=", 11, 1, ""],
  ],
  [
    "50 waiters: hand-off against the best other library",
    againstPeers(fifty("handOff"), Math.min),
    ["<=", 0.5, 2, "x"],
  ],
  [
    "the holder dies: next grant after its expiry, worst",
    ours(at("recovery", "")("worst")),
    ["<=", 60, 0, "ms"],
  ],
  [
    "10 000 held: CPU for each extension against the best other library",
    againstPeers(held("cpu"), Math.min),
    ["<=", 0.4, 2, "x"],
  ],
  ["10 000 held: memory for each lock", ours(held("bytes")), ["<=", 1.4 * 1_024, 0, "B"]],
  ["10 000 held: timers", ours(held("timers")), ["<=", 1, 0, ""]],
  [
    "10 ms away: acquire",
    ours(at("network", "10 ms")("acquireTrips")),
    ["<=", 1.1, 2, "round trips"],
  ],
];

export function thresholds(run: Run): Threshold[] {
  return rows.map(([what, value, [sign, bound, digits, unit]]) => {
    const words = (number: number): string => `${number.toFixed(digits)} ${unit}`.trim();
    const measured = value(run);
    return {
      what,
      bound: `${{ "<=": "≤", ">=": "≥", "<": "<" }[sign]} ${words(bound)}`,
      measured: measured === undefined ? "not measured" : words(measured),
      // A quick run is no measurement.
      isMet: measured === undefined || run.isQuick ? undefined : holds(measured, sign, bound),
    };
  });
}

function holds(value: number, sign: Bound[0], bound: number): boolean {
  if (sign === "<") return value < bound;
  return sign === "<=" ? value <= bound : value >= bound;
}
