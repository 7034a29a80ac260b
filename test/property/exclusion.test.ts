/**
 * Goal: whatever several managers do to a quorum of which a minority comes and goes, the times for which
 * locks are guaranteed never overlap unless all are shared; and nothing stays behind in the end.
 * Method: random programs of acquire, extend, release and node failures in virtual time; every grant is
 * recorded as an interval from the grant to its release or to the end of its validity.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mode } from "../../src/core/claim.ts";
import type { Lock } from "../../src/core/lock.ts";
import { LockError } from "../../src/core/error.ts";
import { settled } from "../../src/testing.ts";
import { assertTold } from "../fixture/told.ts";
import { virtualLocks } from "../fixture/virtual.ts";

type Step =
  | {
      readonly do: "acquire";
      readonly who: number;
      readonly of: readonly string[];
      readonly mode: Mode;
    }
  | { readonly do: "release"; readonly which: number }
  | { readonly do: "extend"; readonly which: number }
  | { readonly do: "stop"; readonly node: number }
  | { readonly do: "start"; readonly node: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "stall"; readonly ms: number };

const ttlMs = 300;
const resources = fc.subarray(["x", "y"], { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      who: fc.nat(2),
      of: resources,
      mode: fc.constantFrom<Mode>("exclusive", "shared"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("release" as const, "extend" as const),
      which: fc.nat(9),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("stop" as const, "start" as const),
      node: fc.nat(4),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("wait" as const, "stall" as const),
      ms: fc.integer({ min: 1, max: 400 }),
    }),
  },
);

interface Interval {
  readonly lock: Lock;
  readonly from: number;
  /** Undefined while it lasts. */
  until: number | undefined;
}

const conflict = (a: Lock, b: Lock): boolean =>
  a.resources.some((each) => b.resources.includes(each)) &&
  (a.mode === "exclusive" || b.mode === "exclusive");

/** Plays a program to its end, and writes down what comes of it. */
async function play(steps: readonly Step[], seed: number, log: string[] = []): Promise<number> {
  const { manager, quorum, world } = virtualLocks(5, seed);
  const { clock } = world;
  const managers = [0, 1, 2].map(() => manager({ ttlMs, waitMs: 200, retryDelayMs: 30 }));
  const intervals: Interval[] = [];
  const underWay: Promise<unknown>[] = [];
  let refusedCount = 0;
  let problem: string | undefined;
  const throwProblem = (): void => {
    if (problem !== undefined) throw new Error(problem);
  };
  const say = (what: string): void => void log.push(`${Math.round(clock.now())} ms  ${what}`);
  const note = (lock: Lock, who: number): void => {
    const name = `${who}'s ${lock.name} (${lock.mode}, token ${lock.fencingToken})`;
    say(`granted: ${name}, for ${Math.round(lock.remainingMs)} ms`);
    for (const other of intervals) {
      const isOver = other.until !== undefined || !other.lock.held;
      if (isOver || !conflict(lock, other.lock)) continue;
      problem ??= `${name} was granted while ${other.lock.name} of token ${other.lock.fencingToken} was held`;
    }
    intervals.push({ lock, from: clock.now(), until: undefined });
  };
  for (const each of steps) {
    say(stepInWords(each));
    if (each.do === "acquire") {
      const { of, mode, who } = each;
      const renew = seed % 2 === 0;
      const lock = managers[who]?.acquire(of, { mode, renew }).then(
        (granted) => note(granted, who),
        (error: unknown) => {
          expect(error).toBeInstanceOf(LockError);
          say(`refused: ${who}'s ${of.join(", ")}`);
          refusedCount++;
        },
      );
      underWay.push(Promise.resolve(lock));
    } else if (each.do === "release" || each.do === "extend") {
      const interval = intervals[each.which % Math.max(1, intervals.length)];
      if (interval === undefined) continue;
      if (each.do === "extend") underWay.push(interval.lock.extend().catch(() => {}));
      else {
        interval.until ??= clock.now();
        underWay.push(interval.lock.release());
      }
    } else if (each.do === "stop") {
      const up = quorum.nodes.filter((node) => node.isUp).length;
      // A minority only: with more there is nothing to be granted.
      if (up > 3) quorum.nodes[each.node]?.stop();
    } else if (each.do === "start") quorum.nodes[each.node]?.start();
    else if (each.do === "wait") await clock.advance(each.ms);
    else clock.jump(each.ms);
    await settled();
    throwProblem();
  }
  for (const node of quorum.nodes) node.start();
  await clock.advance(1_000);
  await clock.finish(Promise.all(underWay));
  throwProblem();
  await clock.finish(Promise.all(intervals.map(({ lock }) => lock.release())));
  // Owed releases have been told by now.
  await clock.advance(2_000);
  for (const of of ["x", "y"]) {
    const { state } = await clock.finish(managers[0]!.inspect(of));
    expect(state, `${of} when everybody is done`).toBe("free");
  }
  return refusedCount;
}

function stepInWords(step: Step): string {
  switch (step.do) {
    case "acquire":
      return `${step.who} asks for ${step.of.join(", ")}, ${step.mode}`;
    case "release":
    case "extend":
      return `${step.do} of grant ${step.which}, counted round`;
    case "stop":
    case "start":
      return `${step.do} of node ${step.node}`;
    case "wait":
    case "stall":
      break;
  }
  return `${step.do} for ${step.ms} ms`;
}

/** The program and what came of it, up to what must not be. */
async function story(steps: readonly Step[], seed: number): Promise<string> {
  const log: string[] = [];
  const problem = await play(steps, seed, log).then(
    () => "nothing, this time",
    (error: unknown) => (error as Error).message,
  );
  return [
    "What happened:",
    ...log.map((line) => `  ${line}`),
    "What must not be:",
    `  ${problem}`,
  ].join("\n");
}

test("no two holders that exclude each other are ever guaranteed the same moment", async () => {
  let contended = 0;
  await assertTold(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 50 }),
      fc.nat(),
      async (steps, seed) => {
        contended += await play(steps, seed);
      },
    ),
    {
      numRuns: 500,
      file: "test/property/exclusion.test.ts",
      tell: ([steps, seed]) => story(steps, seed),
    },
  );
  expect(contended, "they did get in each other's way").toBeGreaterThan(100);
});
