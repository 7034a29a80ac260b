import type { Random } from "../core/world.ts";

/**
 * Chance that repeats itself: Tommy Ettinger's mulberry32, good enough to shuffle and to jitter, and
 * nothing else.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  let count = 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, id: () => `id${seed}-${count++}` };
}
