import type { Mode } from "./claim.ts";
import type { HeldLock } from "./held-lock.ts";
import type { LockRequest } from "./lock-request.ts";

/** Those who hold one resource and those who wait for it, in the order in which they asked. */
interface Lane {
  readonly resource: string;
  waiting: LockRequest[];
  holding: readonly HeldLock[];
}

/** Most locks are held by themselves, and there may be many of them: none takes room for others. */
const nobody: readonly HeldLock[] = [];

/**
 * Whether a request may be tried on the backend now.
 *
 * - `go`: nobody in this manager comes first;
 * - `wait`: for the answer to tries that came first;
 * - `blocked`: somebody in this manager holds it, or comes first and has to wait.
 */
export type Verdict = "go" | "wait" | "blocked";

/** More of those behind a request are not looked at: nobody asks for so many. */
const mostFollowers = 64;

export interface Standing {
  /** Whether nobody stands before it. */
  readonly isFirst: boolean;
  /** How many wait right behind it, to have the one resource alone for as long; 64 at most. */
  readonly followerCount: number;
}

/**
 * The order of requests within one manager: the lock request queues and the held lock set of
 * https://w3c.github.io/web-locks/#concepts, with one queue for each resource. A request for several
 * resources stands in all their queues at once, so that no two requests wait for each other.
 *
 * The specification decides every request on the spot. Here a try takes a round trip, and until the
 * first one of a request is answered it may be both, granted or waiting. Shared requests are therefore
 * tried right behind each other; one that is granted before an earlier one has to step back.
 */
export class RequestQueue {
  readonly #lanes = new Map<string, Lane>();
  /** What was emptied last stays: often it is wanted next. */
  #emptied: Lane | undefined;

  /** All that is held, resource by resource. A lock on several resources appears once. */
  held(): HeldLock[] {
    return [...new Set([...this.#lanes.values()].flatMap((lane) => lane.holding))];
  }

  /** All that wait, queue by queue. A request for several resources appears once. */
  waiting(): LockRequest[] {
    return [...new Set([...this.#lanes.values()].flatMap((lane) => lane.waiting))];
  }

  /** At the end; one that steals goes before all that do not. */
  join(request: LockRequest): void {
    for (const resource of request.resources) {
      const { waiting } = this.#lane(resource);
      const firstPeaceful = request.steal ? waiting.findIndex((other) => !other.steal) : -1;
      if (firstPeaceful === -1) waiting.push(request);
      else waiting.splice(firstPeaceful, 0, request);
    }
  }

  leave(request: LockRequest): void {
    for (const resource of request.resources) {
      const lane = this.#lane(resource);
      if (lane.waiting.length > 1) remove(lane.waiting, request);
      else if (lane.waiting[0] === request) lane.waiting = [];
      this.#forgetIfEmpty(lane);
    }
  }

  hold(lock: HeldLock): void {
    for (const resource of lock.resources) {
      const lane = this.#lane(resource);
      lane.holding = lane.holding.concat(lock);
    }
  }

  drop(lock: HeldLock): void {
    for (const resource of lock.resources) {
      const lane = this.#lane(resource);
      lane.holding = lane.holding.filter((other) => other !== lock);
      this.#forgetIfEmpty(lane);
    }
  }

  holders(resources: readonly string[]): HeldLock[] {
    return [...new Set(resources.flatMap((name) => this.#lanes.get(name)?.holding ?? []))];
  }

  /** Those whose turn it could be: in each queue the first, and the shared ones in a row. */
  candidates(resources: readonly string[]): LockRequest[] {
    const candidates: LockRequest[] = [];
    for (const resource of resources) {
      for (const request of this.#lanes.get(resource)?.waiting ?? []) {
        candidates.push(request);
        if (request.mode === "exclusive") break;
      }
    }
    return candidates;
  }

  verdict(request: LockRequest): Verdict {
    let isOpen = false;
    for (const resource of request.resources) {
      const lane = this.#lane(resource);
      const verdict = request.steal ? thiefIn(lane, request) : turnIn(lane, request);
      if (verdict === "blocked") return "blocked";
      isOpen ||= verdict === "wait";
    }
    return isOpen ? "wait" : "go";
  }

  /** Where it stands among those of this manager who wait. */
  standingOf(request: LockRequest): Standing {
    const { resources, mode, steal } = request;
    const isFirst = resources.every((name) => this.#lanes.get(name)?.waiting[0] === request);
    const waiting = this.#lanes.get(resources[0] ?? "")?.waiting ?? [];
    const isAlone = waiting.length < 2 || resources.length > 1 || mode !== "exclusive" || steal;
    if (!isFirst || isAlone) return { isFirst, followerCount: 0 };
    const behind = waiting.slice(1, 1 + mostFollowers);
    const end = behind.findIndex((other) => !isAlike(other, request));
    return { isFirst, followerCount: end === -1 ? behind.length : end };
  }

  /** Whether somebody who asked before it was told to wait. Who steals may. */
  isOvertaking(request: LockRequest): boolean {
    if (request.steal) return false;
    for (const resource of request.resources) {
      for (const other of this.#lane(resource).waiting) {
        if (other.number < request.number && other.isDecided) return true;
      }
    }
    return false;
  }

  #lane(resource: string): Lane {
    let lane = this.#lanes.get(resource);
    if (lane === undefined) {
      lane = { resource, waiting: [], holding: nobody };
      this.#lanes.set(resource, lane);
    }
    return lane;
  }

  #forgetIfEmpty(lane: Lane): void {
    const before = this.#emptied;
    if (!isEmpty(lane) || lane === before) return;
    this.#emptied = lane;
    if (before !== undefined && isEmpty(before)) this.#lanes.delete(before.resource);
  }
}

function isEmpty({ waiting, holding }: Lane): boolean {
  return waiting.length === 0 && holding.length === 0;
}

function turnIn({ waiting, holding }: Lane, request: LockRequest): Verdict {
  const { mode } = request;
  for (const lock of holding) if (!goTogether(lock.mode, mode)) return "blocked";
  for (const other of waiting) {
    if (other === request) break;
    if (!goTogether(other.mode, mode) || hasToWait(other)) return "blocked";
  }
  return "go";
}

/** Whether it wants the one resource for which both wait in turn, in the same mode and for as long. */
function isAlike({ resources, mode, steal, settings }: LockRequest, other: LockRequest): boolean {
  const isSame = mode === other.mode && settings.ttlMs === other.settings.ttlMs;
  return isSame && resources.length === 1 && !steal && settings.fair && other.settings.fair;
}

/** Whether it is certain that it was not granted on the spot. */
function hasToWait(request: LockRequest): boolean {
  return request.isDecided || request.state === "waiting";
}

/** Who steals asks nobody, but waits for the tries under way: those came before. */
function thiefIn({ waiting }: Lane, thief: LockRequest): Verdict {
  if (waiting[0] !== thief) return "blocked";
  return waiting.some((other) => other.state === "trying" && other !== thief) ? "wait" : "go";
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index !== -1) list.splice(index, 1);
}

function goTogether(a: Mode, b: Mode): boolean {
  return a === "shared" && b === "shared";
}
