import { nextTick } from "node:process";

let acts: (() => void)[] = [];

/**
 * Does it when the code that runs now, and the promises that it settled, are done: before the event loop
 * looks at a socket or a timer. One look for all who ask at the same time.
 */
export function whenDone(act: () => void): void {
  if (acts.push(act) === 1) nextTick(doAll);
}

function doAll(): void {
  const now = acts;
  acts = [];
  for (const act of now) act();
}
