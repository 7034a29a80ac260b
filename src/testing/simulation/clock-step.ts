import type { Random } from "../../core/world.ts";
import type { FaultSpace, SimulatedFault } from "./fault.ts";

/** A clock that is set by so many times what is tolerated, or more, is noticed wherever it is asked. */
const leastStep = 3;

export function clockStep(random: Random, { maxSkewMs, strictClock }: FaultSpace): number {
  const sign = random.next() < 0.5 ? -1 : 1;
  const least = strictClock ? 0 : leastStep;
  return sign * maxSkewMs * (least + random.next() * 20);
}

/**
 * Leaves out what sets a clock so that together with what set it before it is a little ahead: it
 * goes back by a lot and forward by nearly as much. That is a small step forward, which without
 * strict clocks nobody promises to survive.
 *
 * @param faults in their order.
 */
export function beyondTolerance(
  faults: readonly SimulatedFault[],
  { maxSkewMs, strictClock }: FaultSpace,
): SimulatedFault[] {
  const stepsOf = new Map<number, readonly number[]>();
  return faults.filter((fault) => {
    if (strictClock || fault.kind !== "clock") return true;
    const steps = [fault.stepMs, ...(stepsOf.get(fault.node) ?? [])];
    let ahead = 0;
    const isBeyond = steps.every((step) => {
      ahead += step;
      return ahead <= 0 || ahead >= leastStep * maxSkewMs;
    });
    if (isBeyond) stepsOf.set(fault.node, steps);
    return isBeyond;
  });
}
