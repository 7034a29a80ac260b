import { nextTick } from "node:process";

let acts: (() => void)[] = [];
let number = 0;
let isUnderWay = false;

/**
 * Does it when the code that runs now, and the promises that it settled, are done: before the event loop
 * looks at a socket or a timer. One look for all who ask at the same time.
 */
export function whenDone(act: () => void): void {
  acts.push(act);
  begin();
}

/** The same for all that happens before the event loop looks at anything else. */
export function turnNumber(): number {
  begin();
  return number;
}

function begin(): void {
  if (isUnderWay) return;
  isUnderWay = true;
  nextTick(end);
}

function end(): void {
  isUnderWay = false;
  number++;
  const now = acts;
  if (now.length === 0) return;
  acts = [];
  for (const act of now) act();
}
