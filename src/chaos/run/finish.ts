import { setTimeout as pause } from "node:timers/promises";
import type { Member } from "../client/member.ts";
import type { Team } from "../client/team.ts";
import type { ServerNode } from "../nodes/server-node.ts";
import type { Journal } from "./journal.ts";

const exitMs = 5_000;
/** For how long calls that are still open may take to settle, with everything healed. */
const settleMs = 10_000;
const lookMs = 50;
/** What keys may outlive their locks by: the servers' own coarse clocks. */
const graceMs = 300;

/** How the clients and the nodes were left. */
export interface Ending {
  /** Clients that did not end by themselves. */
  readonly stuck: readonly string[];
  /** Clients that were still at work when they should have come to rest, with no call that is open. */
  readonly restless: readonly string[];
  /** For how long locks of nobody were still there, in milliseconds. */
  readonly orphanMs: number;
  readonly leftoverCount: number;
}

export interface Finishing {
  readonly team: Team;
  readonly nodes: readonly ServerNode[];
  readonly journal: Journal;
  readonly ttlMs: number;
  readonly signal: AbortSignal;
}

/** Has the clients end by themselves, and looks what they have left on the nodes. */
export async function finish({ team, nodes, journal, ttlMs, signal }: Finishing): Promise<Ending> {
  const running = await runningOf(team);
  const deadlineMs = performance.now() + settleMs;
  while (running.some(({ openCalls }) => openCalls.length > 0) && performance.now() < deadlineMs) {
    await pause(lookMs, undefined, { signal });
  }
  for (const member of running) journal.unsettled.push(...member.openCalls);
  const restless = running
    .filter(({ isIdle, openCalls }) => !isIdle && openCalls.length === 0)
    .map(({ name }) => name);
  for (const member of running) member.tell({ kind: "end" });
  const gone = await Promise.all(running.map((member) => member.gone(exitMs)));
  const stuck = running.filter((_, index) => gone[index] === false).map(({ name }) => name);
  await Promise.all(running.map((member) => member.kill()));
  const since = journal.now();
  const deadline = since + ttlMs + graceMs;
  for (;;) {
    const left = (await Promise.all(nodes.map((node) => node.leftovers()))).flat();
    const at = journal.now();
    if (left.length === 0) return { stuck, restless, orphanMs: at - since, leftoverCount: 0 };
    if (at > deadline) {
      for (const { node, resource, attempt, forMs } of left) {
        journal.note({ type: "leftover", at, node, resource, attempt, until: at + forMs });
      }
      return { stuck, restless, orphanMs: at - since, leftoverCount: left.length };
    }
    await pause(lookMs, undefined, { signal });
  }
}

/** Those that can be expected to end by themselves: not those that a schedule left stopped. */
async function runningOf({ members }: Team): Promise<readonly Member[]> {
  await Promise.all(members.filter(({ isFrozen }) => isFrozen).map((member) => member.kill()));
  return members.filter(({ isRunning }) => isRunning);
}
