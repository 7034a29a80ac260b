/**
 * Goal: each check of a history accuses what it is there for, and nobody else.
 * Method: for each a history as short as it gets that violates this check and no other, and beside it one
 * that differs in what matters and violates none.
 */
import { describe, expect, test } from "vitest";
import {
  allChecks,
  checkHistory,
  type CheckId,
  type EventOf,
  type HistoryEvent,
} from "../../src/testing.ts";

type More<Type extends HistoryEvent["type"]> = Partial<EventOf<Type>>;

/** Attempt `a` is one of client `ca`. */
const ask = (at: number, attempt: string, more: More<"invoke"> = {}): HistoryEvent => {
  const claim = { client: `c${attempt[0]}`, resources: ["x"], mode: "exclusive" as const };
  return { type: "invoke", at, attempt, ...claim, ...more };
};
const get = (
  at: number,
  attempt: string,
  fencingToken: number,
  more: More<"granted"> = {},
): HistoryEvent => {
  const round = { validUntil: at + 100, votes: 2, quorum: 2, startedAt: at };
  return { type: "granted", at, attempt, fencingToken, ...round, ...more };
};
const extended = (at: number, attempt: string, validUntil: number): HistoryEvent => ({
  ...{ type: "extended", at, attempt, validUntil },
});
const end = (type: "releasing" | "lost" | "failed", at: number, attempt: string): HistoryEvent => ({
  ...{ type, at, attempt },
});
const belief = (at: number, attempt: string, held: boolean = true): HistoryEvent => ({
  ...{ type: "belief", at, attempt, held },
});
const vote = (
  at: number,
  attempt: string,
  fencingToken: number,
  more: More<"vote"> = {},
): HistoryEvent => {
  const slot = { node: "n1", resource: "x", mode: "exclusive" as const, isQuarantined: false };
  return { type: "vote", at, attempt, fencingToken, ...slot, ...more };
};
const drop = (
  at: number,
  attempt: string,
  by: string,
  kind: EventOf<"drop">["kind"],
): HistoryEvent => ({ ...{ type: "drop", at, node: "n1", resource: "x", attempt, by, kind } });
const write = (
  at: number,
  attempt: string,
  fencingToken: number,
  more: More<"write"> = {},
): HistoryEvent => ({
  ...{ type: "write", at, attempt, resource: "x", fencingToken, accepted: true },
  ...more,
});
const fault = (at: number): HistoryEvent => ({ type: "fault", at, kind: "stop", node: "n1" });

const shared = { mode: "shared" } as const;

interface Pair {
  readonly check: CheckId;
  readonly what: string;
  readonly bad: readonly HistoryEvent[];
  readonly good: readonly HistoryEvent[];
}

const pair = (
  check: CheckId,
  what: string,
  bad: readonly HistoryEvent[],
  good: readonly HistoryEvent[],
): Pair => ({ check, what, bad, good });

/** `a` has it from 10 to 110; `b`, who asked at the same time, from some instant on. */
const both = [ask(0, "a"), ask(0, "b"), get(10, "a", 1)];
const readers = [ask(0, "a", shared), ask(0, "b", shared)];
const successor = [ask(0, "a"), get(0, "a", 1), ask(110, "b"), get(110, "b", 2)];

/** Two readers, of which the first one keeps it longer, while a writer waits. */
const lasting = (validUntil: number): HistoryEvent[] => [
  ...[...readers, ask(0, "c")],
  ...[get(1, "a", 1, { validUntil }), get(2, "b", 2, { validUntil: 5 })],
];

const exclusion = [
  pair(
    "C1",
    "two are guaranteed the same moment",
    [...both, get(109, "b", 2)],
    [...both, get(110, "b", 2)],
  ),
  pair(
    "C1",
    "a reader and a writer are, whoever comes first",
    [ask(0, "a", shared), ask(0, "b"), get(10, "a", 1), get(50, "b", 2)],
    [ask(0, "a", shared), ask(0, "b", shared), get(10, "a", 1), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "a writer and a reader are",
    [ask(0, "a"), ask(0, "b", shared), get(10, "a", 1), get(50, "b", 2)],
    [ask(0, "a"), ask(0, "b", { ...shared, resources: ["y"] }), get(10, "a", 1), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "an extension lasts into the next one's time",
    [...both, extended(60, "a", 160), get(120, "b", 2)],
    [...both, extended(60, "a", 120), get(120, "b", 2)],
  ),
  pair(
    "C1",
    "an extension makes nothing shorter",
    [...both, extended(60, "a", 70), get(80, "b", 2)],
    [...both, end("releasing", 70, "a"), get(80, "b", 2)],
  ),
  pair(
    "C1",
    "the release comes too late",
    [...both, get(50, "b", 2), end("releasing", 51, "a")],
    [...both, end("releasing", 50, "a"), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "the loss comes too late",
    [...both, get(50, "b", 2), end("lost", 51, "a")],
    [...both, end("lost", 50, "a"), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "forgetting is not robbing",
    [...both, drop(50, "a", "n1", "forget"), get(50, "b", 2)],
    [...both, drop(50, "a", "b", "steal"), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "a forced release comes too late",
    [...both, get(50, "b", 2), drop(51, "a", "c", "force")],
    [...both, drop(50, "a", "c", "force"), get(50, "b", 2)],
  ),
  pair(
    "C1",
    "a long one lasts beyond a short one in between",
    [...lasting(10), get(9, "c", 3)],
    [...lasting(9), get(9, "c", 3)],
  ),
  pair(
    "C1",
    "one of several resources is somebody else's",
    [ask(0, "a"), ask(0, "b", { resources: ["y", "x"] }), get(1, "a", 1), get(2, "b", 2)],
    [ask(0, "a"), ask(0, "b", { resources: ["y", "z"] }), get(1, "a", 1), get(2, "b", 2)],
  ),
];

const held = [ask(0, "a"), get(10, "a", 1)];

const beliefs = [
  pair(
    "C2",
    "held when the time is over",
    [...held, belief(110, "a")],
    [...held, belief(109, "a")],
  ),
  pair(
    "C2",
    "held beyond an extension that was not won yet",
    [...held, belief(115, "a"), extended(116, "a", 200)],
    [...held, extended(105, "a", 200), belief(115, "a"), belief(200, "a", false)],
  ),
  pair(
    "C2",
    "held after the release",
    [...held, end("releasing", 50, "a"), belief(50, "a")],
    [...held, belief(50, "a"), end("releasing", 50, "a"), belief(50, "a", false)],
  ),
  pair(
    "C2",
    "held after the loss",
    [...held, end("lost", 50, "a"), extended(60, "a", 160), belief(70, "a")],
    [...held, drop(50, "a", "b", "steal"), extended(60, "a", 160), belief(120, "a")],
  ),
];

const births = [
  pair(
    "C3",
    "handed out when its time is over",
    [ask(0, "a"), get(10, "a", 1, { validUntil: 10, startedAt: 5 })],
    [ask(0, "a"), get(10, "a", 1, { validUntil: 11, startedAt: 5 })],
  ),
  pair(
    "C3",
    "without a quorum",
    [ask(0, "a"), get(10, "a", 1, { votes: 1 })],
    [ask(0, "a"), get(10, "a", 1, { votes: 3 })],
  ),
  pair(
    "C3",
    "before its round began",
    [ask(0, "a"), get(10, "a", 1, { startedAt: 11 })],
    [ask(0, "a"), get(10, "a", 1, { startedAt: 10 })],
  ),
  pair(
    "C3",
    "with a vote from quarantine",
    [ask(0, "a"), vote(5, "a", 1, { isQuarantined: true }), get(10, "a", 1, { startedAt: 5 })],
    [ask(0, "a"), vote(5, "a", 2, { isQuarantined: true }), get(10, "a", 1, { startedAt: 5 })],
  ),
  pair(
    "C3",
    "with a vote in an extension from quarantine",
    [...held, vote(20, "a", 1, { isQuarantined: true })],
    [ask(0, "a"), vote(20, "a", 1, { isQuarantined: true }), end("failed", 30, "a")],
  ),
  pair(
    "C3",
    "with a vote that is older than its round",
    [ask(0, "a"), vote(4, "a", 1), get(10, "a", 1, { startedAt: 5 })],
    [ask(0, "a"), vote(4, "a", 0), vote(5, "a", 1), get(10, "a", 1, { startedAt: 5 })],
  ),
];

/** Two tokens were won at once; another lock is granted and given back before the second is used. */
const handedOn = [
  ask(0, "a", shared),
  get(1, "a", 5),
  end("releasing", 2, "a"),
  ask(10, "c", shared),
  get(30, "c", 7),
  ask(39, "b", shared),
];
const tokens = [
  pair(
    "C4",
    "two share a token",
    [...readers, get(10, "a", 7), get(20, "b", 7)],
    [ask(0, "a"), ask(0, "b", { resources: ["y"] }), get(10, "a", 7), get(20, "b", 7)],
  ),
  pair(
    "C5",
    "who asks later gets less",
    [ask(0, "a", shared), get(10, "a", 7), ask(11, "b", shared), get(20, "b", 6)],
    [ask(0, "a", shared), ask(10, "b", shared), get(10, "a", 7), get(20, "b", 6)],
  ),
  pair(
    "C5",
    "the largest token so far counts, not the latest",
    [
      ...readers,
      ask(0, "c", shared),
      get(1, "a", 9),
      get(2, "b", 5),
      ask(3, "d"),
      get(110, "d", 7),
    ],
    [
      ...readers,
      ask(0, "c", shared),
      get(1, "a", 6),
      get(2, "b", 5),
      ask(3, "d"),
      get(110, "d", 7),
    ],
  ),
  pair(
    "C5",
    "what is handed on counts from when the one that takes it over was waiting: it has to be before",
    [...handedOn, get(40, "b", 6, { handedOn: { wonBy: "a", askedAt: 31 } })],
    [...handedOn, get(40, "b", 6, { handedOn: { wonBy: "a", askedAt: 29 } })],
  ),
];

const [twoReaders, third] = [[...readers, get(10, "a", 1), get(10, "b", 2)], { node: "n3" }];

const slots = [
  pair(
    "C6",
    "a node votes against the order of tokens",
    [...both, get(110, "b", 2), vote(115, "b", 2), vote(116, "a", 1)],
    [...both, get(110, "b", 2), vote(115, "b", 2), vote(116, "a", 1, third)],
  ),
  pair(
    "C6",
    "for readers, too",
    [...readers, vote(5, "b", 2), vote(5, "a", 1), ...at(5, twoReaders)],
    [...readers, vote(5, "a", 1), vote(5, "b", 2), vote(5, "a", 1), ...at(5, twoReaders)],
  ),
  pair(
    "C6",
    "a reader's slot is renewed after a writer's",
    [
      ...[ask(0, "a", shared), ask(0, "b"), get(10, "a", 1), get(110, "b", 2)],
      ...[vote(110, "b", 2), vote(111, "a", 1)],
    ],
    [...twoReaders, vote(110, "b", 2), vote(111, "a", 1)],
  ),
  pair(
    "C6",
    "a writer votes behind a reader with a larger token",
    [
      ...[ask(0, "a"), ask(0, "b", shared), get(10, "a", 1), get(110, "b", 2)],
      ...[vote(110, "b", 2), vote(111, "a", 1)],
    ],
    [
      ...[ask(0, "a"), ask(0, "b", shared), get(10, "a", 1), get(110, "b", 2)],
      ...[vote(110, "b", 2), vote(111, "a", 1, { resource: "y" })],
    ],
  ),
  pair(
    "C6",
    "votes of those that got it are compared, and no others",
    [...both, get(110, "b", 2), vote(110, "b", 2), vote(111, "a", 1)],
    [...both, end("failed", 110, "b"), vote(110, "b", 2), vote(111, "a", 1)],
  ),
];

/** The grants of a history, with a round that began at this instant. */
function at(startedAt: number, events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.flatMap((event) => (event.type === "granted" ? [{ ...event, startedAt }] : []));
}

const hygiene = [
  pair("C7", "released by another", [drop(5, "a", "b", "release")], [drop(5, "a", "a", "release")]),
  pair(
    "C7",
    "a slot stays behind",
    [{ type: "leftover", at: 900, node: "n1", resource: "x", attempt: "a", until: 990 }],
    [drop(5, "a", "b", "force"), drop(5, "a", "b", "steal"), drop(5, "a", "b", "forget")],
  ),
];

const fences = [
  pair(
    "C8",
    "a smaller token is accepted after a larger one",
    [...successor, write(120, "b", 2), write(121, "a", 1)],
    [...successor, write(120, "b", 2), write(121, "a", 1, { accepted: false })],
  ),
  pair(
    "C8",
    "a token that was not granted",
    [...held, write(20, "a", 2)],
    [...held, write(20, "a", 2, { accepted: false }), write(20, "a", 1), write(21, "a", 1)],
  ),
  pair(
    "C8",
    "not granted yet",
    [ask(0, "a"), write(5, "a", 1), get(10, "a", 1)],
    [ask(0, "a"), get(10, "a", 1), write(10, "a", 1)],
  ),
  pair(
    "C8",
    "granted for something else",
    [...held, write(20, "a", 1, { resource: "y" })],
    [ask(0, "a", { resources: ["x", "y"] }), get(10, "a", 1), write(20, "a", 1, { resource: "y" })],
  ),
  pair(
    "C8",
    "granted to somebody else",
    [...held, ask(1, "b"), write(20, "b", 1)],
    [...held, ask(1, "b"), write(20, "a", 1)],
  ),
];

/** `b` had it between two rounds of `a`, for no time at all. */
const interrupted = [...both, get(110, "b", 2), end("releasing", 110, "b")];

const continuities = [
  pair(
    "C10",
    "extended after a successor",
    [...interrupted, extended(111, "a", 200)],
    [...both, extended(109, "a", 110), get(110, "b", 2), end("releasing", 110, "b")],
  ),
  pair(
    "C10",
    "extended after a successor, and robbed later",
    [...interrupted, extended(111, "a", 200), drop(112, "a", "c", "steal")],
    [...both, drop(108, "a", "b", "steal"), get(110, "b", 2), extended(111, "a", 200)],
  ),
  pair(
    "C10",
    "in time to be robbed of it by nobody",
    [...interrupted, extended(111, "a", 112), end("releasing", 113, "a")],
    [...interrupted, end("releasing", 110, "a"), extended(111, "a", 200)],
  ),
  pair(
    "C10",
    "a writer comes between two rounds of a reader",
    [
      ...[ask(0, "a", shared), ask(0, "b"), get(10, "a", 1), get(110, "b", 2)],
      ...[end("releasing", 110, "b"), extended(111, "a", 200)],
    ],
    [
      ...[ask(0, "a", shared), ask(0, "b", shared), get(10, "a", 1), get(110, "b", 2)],
      ...[end("releasing", 110, "b"), extended(111, "a", 200)],
    ],
  ),
  pair(
    "C10",
    "the successor with the larger token is not the latest one",
    [
      ...[...both, ask(0, "c"), get(110, "c", 3), end("lost", 110, "c"), get(110, "b", 0)],
      ...[end("lost", 110, "b"), extended(111, "a", 200)],
    ],
    [...both, get(110, "b", 0), end("lost", 110, "b"), extended(111, "a", 200)],
  ),
];

const pairs = [
  ...[...exclusion, ...beliefs, ...births, ...tokens, ...slots],
  ...[...hygiene, ...fences, ...continuities],
];

describe("the checks of a history", () => {
  test.for(pairs)("$check finds: $what", ({ check, bad, good }) => {
    const { verdict, violations } = checkHistory(bad);
    expect(violations.map((each) => each.check)).toEqual([check]);
    expect(verdict).toBe("violated");
    expect(checkHistory(good).violations).toEqual([]);
  });

  test("all have a history that violates them", () => {
    expect(new Set(pairs.map(({ check }) => check))).toEqual(new Set(allChecks));
  });

  test("say who did what and when, with the events that prove it", () => {
    const history = [...both, fault(20), belief(30, "a"), extended(40, "a", 140), get(120, "b", 2)];
    expect(checkHistory(history).violations).toEqual([
      {
        check: "C1",
        message:
          "x: b of cb (exclusive, token 2) was granted it at 120 ms, while it was guaranteed to " +
          "a of ca (exclusive, token 1) from 10 ms to 140 ms",
        at: 120,
        attempts: ["b", "a"],
        resource: "x",
        events: history.filter(({ type }) => type !== "fault" && type !== "belief"),
      },
    ]);
  });

  test("show of the extensions the one that it took", () => {
    const rounds = [extended(30, "a", 115), extended(40, "a", 140), extended(50, "a", 130)];
    const [violation] = checkHistory([...both, ...rounds, get(120, "b", 2)]).violations;
    expect(violation?.events).toEqual([...both, extended(40, "a", 140), get(120, "b", 2)]);
    const early = checkHistory([...both, ...rounds, get(60, "b", 2)]);
    expect(early.violations[0]?.events).toEqual([...both, get(60, "b", 2)]);
  });

  test("are made on events in the order of their instants", () => {
    const history = [ask(0, "a"), get(1, "a", 1), end("lost", 2, "a"), ask(3, "b"), get(4, "b", 1)];
    expect(checkHistory(history.toReversed())).toEqual(checkHistory(history));
    expect(checkHistory(history).violationCounts).toMatchObject({ C4: 1, C5: 1 });
  });

  test("can be chosen, and describe as many violations as are wanted", () => {
    const bad = [...held, ...[110, 111, 112].map((instant) => belief(instant, "a"))];
    expect(checkHistory(bad, { checks: ["C1", "C3"] }).verdict).toBe("inconclusive");
    const { violations, violationCounts } = checkHistory(bad, { mostPerCheck: 2 });
    expect(violations.map((each) => each.at)).toEqual([110, 111]);
    expect(violationCounts.C2).toBe(3);
  });

  const contradictions: [string, readonly HistoryEvent[]][] = [
    ["a never began", [get(1, "a", 1)]],
    ["a begins a second time", [ask(0, "a"), ask(1, "a")]],
    ["a is granted a second time", [...held, get(11, "a", 1)]],
    ["a is granted after it failed", [ask(0, "a"), end("failed", 1, "a"), get(2, "a", 1)]],
    ["a fails after its grant", [...held, end("failed", 20, "a")]],
    ["a fails a second time", [ask(0, "a"), end("failed", 1, "a"), end("failed", 2, "a")]],
    ["a was not granted before", [ask(0, "a"), belief(1, "a")]],
    ["a was not granted before", [ask(0, "a"), extended(1, "a", 100)]],
    [
      "a is extended until something that is not a number",
      [...held, extended(11, "a", Number.NaN)],
    ],
    ["a is granted with something that is not a number", [ask(0, "a"), get(1, "a", Number.NaN)]],
    ["a has no instant", [ask(Number.NaN, "a")]],
    ["a asks for nothing", [ask(0, "a", { resources: [] })]],
    ["a asks twice for the same", [ask(0, "a", { resources: ["x", "x"] })]],
  ];
  test.for(contradictions)("refuse a history in which %s", ([what, history]) => {
    expect(() => checkHistory(history)).toThrow(`the history contradicts itself: ${what}`);
  });
});

describe("the coverage of a history", () => {
  const freed = [...both, end("releasing", 50, "a"), get(60, "b", 2)];
  const withFault = (instant: number, history: readonly HistoryEvent[]): HistoryEvent[] => [
    ...history,
    fault(instant),
  ];

  test.for<[string, number, readonly HistoryEvent[]]>([
    ["a fault hits the first holder", 20, freed],
    ["a fault comes between two holders", 55, freed],
    ["somebody else waits", 20, [ask(0, "c"), ...successor, end("failed", 200, "c")]],
    ["somebody asks while it is held", 20, [...successor, ask(99, "c"), end("failed", 100, "c")]],
    ["the one who gets it was refused", 20, [...successor, ask(9, "b0"), end("failed", 10, "b0")]],
  ])("makes it a pass when %s", ([, instant, history]) => {
    const { verdict, coverage } = checkHistory(withFault(instant, history));
    expect(coverage).toMatchObject({ contendedHandoffCount: 1, isContendedUnderFault: true });
    expect(verdict).toBe("pass");
  });

  const sameClient = [ask(0, "a"), ask(0, "a0"), get(10, "a", 1), get(120, "a0", 2)];
  test.for<[string, number, readonly HistoryEvent[]]>([
    ["a fault comes before both", 5, freed],
    ["a fault comes after both", 61, freed],
    ["nobody else wanted it", 20, successor],
    ["it was asked for when it was free", 20, [...successor, ask(101, "c")]],
    ["who waits may be dead", 20, [ask(0, "c"), ...successor]],
    ["the client is the same", 20, sameClient],
    ["readers do not exclude each other", 20, [...readers, get(10, "a", 1), get(20, "b", 2)]],
    ["who waits does not care", 20, [ask(0, "c", { resources: ["y"] }), ...successor]],
  ])("makes it inconclusive when %s", ([, instant, history]) => {
    const { verdict, violations, coverage } = checkHistory(withFault(instant, history));
    expect(violations).toEqual([]);
    expect(coverage.isContendedUnderFault).toBe(false);
    expect(verdict).toBe("inconclusive");
  });

  test("counts grants, faults that hit a holder, refusals by their reason, and events", () => {
    const refusal = (reason: string): HistoryEvent => ({
      ...{ type: "refusal", at: 5, node: "n1", attempt: "b", reason },
    });
    const faults = [9, 10, 49, 50, 60].map(fault);
    const refusals = ["held", "held", "clock"].map(refusal);
    expect(checkHistory([...freed, ...faults, ...refusals]).coverage).toEqual({
      grantCount: 2,
      contendedHandoffCount: 1,
      handoffUnderFaultCount: 1,
      isContendedUnderFault: true,
      holderFaultCount: 3,
      refusalCounts: { held: 2, clock: 1 },
      eventCounts: { invoke: 2, granted: 2, releasing: 1, fault: 5, refusal: 3 },
    });
  });
});
