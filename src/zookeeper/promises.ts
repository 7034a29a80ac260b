import type { BackendPromises } from "../core/backend-promises.ts";

/** What an ensemble of so many servers promises. */
export function promisesOf(serverCount: number): BackendPromises {
  return {
    authority: `a ZooKeeper ensemble of ${serverCount}`,
    spareServers: Math.floor((serverCount - 1) / 2),
    survives: ["restart", "clock-back", "clock-forward"],
    clock: "session",
    fencing: "transaction",
    fairness: "queue",
    wakeUp: "notice",
  };
}
