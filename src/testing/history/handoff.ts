import type { Mode } from "../../core/claim.ts";
import { excludes, isGrant, untilOf, type Account, type Grant } from "./account.ts";
import type { Facts } from "./facts.ts";

export interface Handoffs {
  readonly contendedCount: number;
  readonly underFaultCount: number;
}

/** A time for which somebody held a resource. */
interface Hold {
  readonly grant: Grant;
  isWanted: boolean;
}

/** One resource while the history goes on. */
interface Place {
  readonly waiting: Queue;
  latest: Hold | undefined;
  latestExclusive: Hold | undefined;
}

/** Counts how often a resource that others wanted passed from client to client. */
export function handoffsOf({ events, accounts }: Facts): Handoffs {
  const places = new Map<string, Place>();
  let contendedCount = 0;
  let underFaultCount = 0;
  let latestFault = -1;
  let rank = -1;
  for (const event of events) {
    rank++;
    if (event.type === "fault") latestFault = rank;
    if (event.type !== "invoke" && event.type !== "granted" && event.type !== "failed") continue;
    const account = accounts.get(event.attempt);
    if (account === undefined) continue;
    for (const resource of account.invoke.event.resources) {
      const place = placeOf(places, resource);
      if (event.type === "invoke") ask(place, account);
      else place.waiting.change(account, -1);
      if (event.type !== "granted" || !isGrant(account)) continue;
      const former = take(place, account);
      if (former === undefined) continue;
      contendedCount++;
      if (latestFault > former.granted.rank) underFaultCount++;
    }
  }
  return { contendedCount, underFaultCount };
}

function ask(place: Place, account: Account): void {
  const { at, client, mode } = account.invoke.event;
  for (const hold of [place.latest, place.latestExclusive]) {
    if (hold === undefined || at >= untilOf(hold.grant)) continue;
    const holder = hold.grant.invoke.event;
    if (client !== holder.client && excludes(mode, holder.mode)) hold.isWanted = true;
  }
  // Who is never answered may be dead, and a dead one wants nothing.
  if (account.granted !== undefined || account.failed !== undefined) {
    place.waiting.change(account, 1);
  }
}

/** @returns the former holder, if others wanted to have it from that one and now another client has. */
function take(place: Place, grant: Grant): Grant | undefined {
  const { client, mode } = grant.invoke.event;
  const former = mode === "exclusive" ? place.latest : place.latestExclusive;
  const hold = { grant, isWanted: place.waiting.hasOther(client, mode) };
  place.latest = hold;
  if (mode === "exclusive") place.latestExclusive = hold;
  const isPassed = former?.isWanted === true && former.grant.invoke.event.client !== client;
  return isPassed ? former.grant : undefined;
}

function placeOf(places: Map<string, Place>, resource: string): Place {
  let place = places.get(resource);
  if (place === undefined) {
    place = { waiting: new Queue(), latest: undefined, latestExclusive: undefined };
    places.set(resource, place);
  }
  return place;
}

/** How many attempts are under way for one resource, of whom. */
class Queue {
  readonly #all: Record<Mode, number> = { exclusive: 0, shared: 0 };
  readonly #byClient = new Map<string, Record<Mode, number>>();

  change({ invoke }: Account, by: 1 | -1): void {
    const { client, mode } = invoke.event;
    const own = this.#byClient.get(client) ?? { exclusive: 0, shared: 0 };
    this.#byClient.set(client, own);
    own[mode] += by;
    this.#all[mode] += by;
  }

  /** Whether somebody else wants what a holder in this mode keeps from it. */
  hasOther(client: string, mode: Mode): boolean {
    const own = this.#byClient.get(client) ?? { exclusive: 0, shared: 0 };
    const isWriterWaiting = this.#all.exclusive > own.exclusive;
    return isWriterWaiting || (mode === "exclusive" && this.#all.shared > own.shared);
  }
}
