import type { Clock, Timer } from "../core/world.ts";

/** A wall clock that falls back by more than this has been set; less is its granularity. */
const granularityMs = 2;

/** Timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * A clock that counts the time for which the machine slept. The monotonic clock of Linux stands still
 * in suspend (https://github.com/nodejs/node/issues/47724), the wall clock can be set; elapsed is what
 * the one that went further says. A step of the wall clock back therefore changes nothing, a step
 * forward lets time pass: locks are then thought lost too early, never too late.
 */
export function systemClock(): Clock {
  /** Wall clock minus monotonic clock, as it should be if nobody slept or set a clock. */
  let offset = Date.now() - performance.now();
  let sleptMs = 0;
  return {
    now(): number {
      const monotonic = performance.now();
      const ahead = Date.now() - monotonic - offset;
      if (ahead > 0) {
        sleptMs += ahead;
        offset += ahead;
      } else if (ahead < -granularityMs) {
        offset += ahead;
      }
      return monotonic + sleptMs;
    },
    setTimer(delayMs: number, fire: () => void, keepAlive: boolean): Timer {
      const timeout = setTimeout(fire, Math.min(Math.ceil(delayMs), longestTimerMs));
      if (!keepAlive) timeout.unref();
      return { cancel: () => clearTimeout(timeout) };
    },
  };
}
