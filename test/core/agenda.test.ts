/**
 * Goal: every appointment is called once, in the order of the instants, by one timer.
 * Method: random sequences of operations against a list that is searched.
 */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Agenda, Appointment } from "../../src/core/agenda.ts";
import { VirtualClock } from "../../src/testing.ts";

type Step =
  | { readonly do: "schedule"; readonly which: number; readonly inMs: number }
  | { readonly do: "cancel"; readonly which: number }
  | { readonly do: "advance"; readonly ms: number };

class Calling extends Appointment {
  override readonly due: () => void;

  constructor(due: () => void) {
    super();
    this.due = due;
  }
}

const which = fc.nat(9);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("schedule" as const), which, inMs: fc.nat(50) }),
    fc.record({ do: fc.constant("cancel" as const), which }),
    fc.record({ do: fc.constant("advance" as const), ms: fc.nat(30) }),
  ),
  { maxLength: 60 },
);

test("appointments are kept, moved and cancelled as in a list", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const clock = new VirtualClock();
      const agenda = new Agenda(clock);
      const rang: [number, number][] = [];
      const entries: Appointment[] = Array.from(
        { length: 10 },
        (_, index) => new Calling(() => void rang.push([index, clock.now()])),
      );
      const planned = new Map<number, number>();
      const expected: [number, number][] = [];
      for (const step of given) {
        const entry = step.do === "advance" ? undefined : entries[step.which];
        if (step.do === "schedule" && entry) {
          planned.set(step.which, clock.now() + step.inMs);
          agenda.schedule(entry, clock.now() + step.inMs);
        } else if (step.do === "cancel" && entry) {
          planned.delete(step.which);
          agenda.cancel(entry);
        } else if (step.do === "advance") {
          const end = clock.now() + step.ms;
          await clock.advance(step.ms);
          const due = [...planned].filter(([, at]) => at <= end);
          for (const [index, at] of due) {
            planned.delete(index);
            expected.push([index, at]);
          }
        }
        expect(agenda.size).toBe(planned.size);
        expect(clock.timerCount).toBeLessThanOrEqual(1);
      }
      const byTime = (list: [number, number][]) =>
        list.toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
      expect(byTime(rang)).toEqual(byTime(expected));
      expect(rang.map(([, at]) => at)).toEqual(rang.map(([, at]) => at).toSorted((a, b) => a - b));
    }),
  );
});

test("an appointment a day away is kept, and not called early", async () => {
  const clock = new VirtualClock();
  const agenda = new Agenda(clock);
  let isCalled = false;
  // It looks once a second: that is how an appointment further away than timers reach is kept, too.
  const far = 24 * 60 * 60_000;
  agenda.schedule(new Calling(() => (isCalled = true)), far);
  await clock.advance(far - 1);
  expect(isCalled).toBe(false);
  await clock.advance(1);
  expect(isCalled).toBe(true);
});

test("those that are planned anew while they are called cost one timer, not one each", async () => {
  const clock = new VirtualClock();
  const agenda = new Agenda(clock);
  const setTimer = vi.spyOn(clock, "setTimer");
  let calls = 0;
  const again = Array.from({ length: 100 }, () => {
    const entry: Appointment = new Calling(() => {
      calls++;
      agenda.schedule(entry, clock.now() + 10);
    });
    agenda.schedule(entry, 10);
    return entry;
  });
  await clock.advance(100);
  expect([calls, agenda.size]).toEqual([1_000, again.length]);
  expect(setTimer).toHaveBeenCalledTimes(11);
});
