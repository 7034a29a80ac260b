/**
 * Goal: whatever several clients do to a quorum of which a minority comes and goes, the times for which
 * locks are guaranteed never overlap unless all are shared; and nothing stays behind in the end.
 * Method: random programs of acquire, extend, release and failures of nodes and links in virtual time,
 * with messages that take their time; every grant is recorded as an interval from the grant to its release
 * or to the end of its validity. The same is asked of a quorum too small, and has to be answered with no.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mode } from "../../src/core/claim.ts";
import type { Lock } from "../../src/core/lock.ts";
import { LockError } from "../../src/core/error.ts";
import { settled } from "../../src/testing.ts";
import { separateClients } from "../fixture/separate-clients.ts";
import { assertTold } from "../fixture/told.ts";

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
  | { readonly do: "cut"; readonly who: number; readonly node: number }
  | { readonly do: "mend"; readonly who: number; readonly node: number }
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
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("cut" as const, "mend" as const),
      who: fc.nat(2),
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

interface Played {
  /** How often a client was refused. */
  readonly refusedCount: number;
  readonly grantedCount: number;
}

/** Plays a program to its end, and writes down what comes of it. */
async function play(
  steps: readonly Step[],
  seed: number,
  { yieldingCount = 0, log = [] as string[] } = {},
): Promise<Played> {
  const defaults = { ttlMs, waitMs: 200, retryDelayMs: 30 };
  // A node that comes back votes again soon, so that most programs see it.
  const settings = { maxTtlMs: ttlMs };
  const { world, outlets, clients } = separateClients({ seed, settings, defaults, yieldingCount });
  const { clock } = world;
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
      const lock = clients[who]?.locks.acquire(of, { mode, renew }).then(
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
      const up = outlets.filter((outlet) => outlet.isUp).length;
      // A minority only: with more there is nothing to be granted.
      if (up > 3) outlets[each.node]?.stop();
    } else if (each.do === "start") outlets[each.node]?.start();
    else if (each.do === "cut" || each.do === "mend") {
      const way = clients[each.who]?.ways[each.node];
      if (way !== undefined) way.isCut = each.do === "cut";
    } else if (each.do === "wait") await clock.advance(each.ms);
    else clock.jump(each.ms);
    await settled();
    throwProblem();
  }
  for (const outlet of outlets) outlet.start();
  for (const way of clients.flatMap(({ ways }) => ways)) way.isCut = false;
  await clock.advance(1_000);
  await clock.finish(Promise.all(underWay));
  throwProblem();
  await clock.finish(Promise.all(intervals.map(({ lock }) => lock.release())));
  // Owed releases have been told by now.
  await clock.advance(2_000);
  for (const of of ["x", "y"]) {
    const { state } = await clock.finish(clients[0]!.locks.inspect(of));
    expect(state, `${of} when everybody is done`).toBe("free");
  }
  return { refusedCount, grantedCount: intervals.length };
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
    case "cut":
    case "mend":
      return `${step.do} of the way from ${step.who} to node ${step.node}`;
    case "wait":
    case "stall":
      break;
  }
  return `${step.do} for ${step.ms} ms`;
}

/** The program and what came of it, up to what must not be. */
async function story(steps: readonly Step[], seed: number): Promise<string> {
  const log: string[] = [];
  const problem = await play(steps, seed, { log }).then(
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

const program = fc.array(step, { minLength: 5, maxLength: 50 });

test("no two holders that exclude each other are ever guaranteed the same moment", async () => {
  let [refused, granted] = [0, 0];
  await assertTold(
    fc.asyncProperty(program, fc.nat(), async (steps, seed) => {
      const { refusedCount, grantedCount } = await play(steps, seed);
      refused += refusedCount;
      granted += grantedCount;
    }),
    {
      numRuns: 1_000,
      file: "test/property/exclusion.test.ts",
      tell: ([steps, seed]) => story(steps, seed),
    },
  );
  expect(refused, "they did get in each other's way").toBeGreaterThan(100);
  expect(granted, "they did get their locks").toBeGreaterThan(300);
});

test.each([1, 2])(
  "%s of five nodes that grant whatever they are asked for are found out",
  async (yieldingCount) => {
    const property = fc.asyncProperty(program, fc.nat(), async (steps, seed) => {
      await play(steps, seed, { yieldingCount });
    });
    const { failed, errorInstance } = await fc.check(property, {
      numRuns: 2_000,
      seed: 1,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
    expect((errorInstance as Error).message).toMatch(/was granted while .* was held/);
  },
);
