import type { Claim } from "../core/claim.ts";
import type { Place } from "./znode-name.ts";

/** A place in the queue of each resource of a claim: all made in one transaction. */
export interface OwnPlace {
  /** The number of the session that it belongs to, and ends with. */
  readonly session: number;
  readonly nodes: readonly OwnNode[];
}

export interface OwnNode {
  readonly resource: string;
  readonly path: string;
  readonly place: Place;
}

/** The places of this process. One that waits keeps its place over all its tries. */
export class OwnPlaces {
  readonly #places = new Map<string, OwnPlace>();

  /** `undefined` when there is none, or when its session is over. */
  of(claim: Claim, session: number): OwnPlace | undefined {
    const place = this.#places.get(keyOf(claim));
    return place?.session === session ? place : undefined;
  }

  keep(claim: Claim, place: OwnPlace): void {
    this.#places.set(keyOf(claim), place);
  }

  /** From now on nobody here has it. */
  take(claim: Claim): OwnPlace | undefined {
    const key = keyOf(claim);
    const place = this.#places.get(key);
    this.#places.delete(key);
    return place;
  }
}

function keyOf({ owner, waiting }: Claim): string {
  return waiting?.id ?? owner;
}
