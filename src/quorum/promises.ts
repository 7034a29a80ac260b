import type { BackendPromises, ServerFault } from "../core/backend-promises.ts";
import type { ResolvedSettings } from "./settings.ts";

/** What a quorum of nodes promises: `docs/GUARANTEES.md` says on which conditions. */
export function promisesOf({ terms, clockMarginMs }: ResolvedSettings): BackendPromises {
  const { quorum, nodeCount } = terms;
  const always: readonly ServerFault[] = ["restart", "data-loss", "clock-back"];
  return {
    authority: `${quorum} of ${nodeCount} nodes`,
    spareServers: nodeCount - quorum,
    survives: clockMarginMs > 0 ? [...always, "clock-forward"] : always,
    clock: "nodes",
    fencing: "ballot",
    fairness: "queue",
    wakeUp: "notice",
  };
}
