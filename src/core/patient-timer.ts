import type { Clock, Timer } from "./world.ts";

/** Timers take no more; who waits longer than 24 days is not woken for it. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** A timer that fires so much too late fires out of an event loop that was blocked. */
const blockedMs = 20;

/**
 * Calls back after `delayMs`, but not straight out of a blocked event loop: timers come before sockets
 * there, and what the others have answered long ago would count as silence.
 */
export function setPatientTimer(
  clock: Clock,
  delayMs: number,
  fire: () => void,
  keepAlive: boolean,
): Timer {
  const dueAt = clock.now() + delayMs;
  let timer = clock.setTimer(delayMs, fireOrWait, keepAlive);
  function fireOrWait(): void {
    if (clock.now() - dueAt <= blockedMs) fire();
    else timer = clock.setTimer(1, fire, keepAlive);
  }
  return { cancel: () => timer.cancel() };
}
