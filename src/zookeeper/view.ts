import type { Stat } from "./request.ts";
import type { OwnNode, OwnPlace } from "./own-places.ts";
import { standing, type Standing } from "./waiting-line.ts";
import type { Place } from "./znode-name.ts";

/** One's own place, and the queues that it is in, seen after it was made. */
export interface View {
  readonly own: OwnPlace;
  /** For each resource, all that are in its queue. */
  readonly queues: readonly (readonly Place[])[];
  /** Set when nothing has happened in the queue since the place was made. */
  readonly fresh?: Fresh | undefined;
}

/** The transaction that made a place. */
export interface Fresh {
  readonly zxid: bigint;
  /** When it was sent. */
  readonly sentAt: number;
}

/**
 * `undefined` when a transaction came in between: somebody before us may have been granted by it.
 */
export function freshness(created: Stat, queue: Stat, sentAt: number): Fresh | undefined {
  return created.created === queue.childrenChanged ? { zxid: created.created, sentAt } : undefined;
}

/** Whether somebody has removed it. */
export function isRobbed({ own, queues }: View): boolean {
  return own.nodes.some(
    ({ place }, index) => !(queues[index] ?? []).some(({ name }) => name === place.name),
  );
}

export interface Blocked {
  readonly node: OwnNode;
  readonly standing: Standing & { readonly isFirst: false };
}

/** The resources in whose queues somebody is in the way. */
export function blockedIn({ own, queues }: View): Blocked[] {
  return own.nodes.flatMap((node, index) => {
    const found = standing(queues[index] ?? [], node.place);
    return found.isFirst ? [] : [{ node, standing: found }];
  });
}
