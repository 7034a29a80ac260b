import type { Place } from "./znode-name.ts";

/** Where a place stands among the others. */
export type Standing =
  | { readonly isFirst: true }
  | {
      readonly isFirst: false;
      /** Who stands in the way, the one at the front: it holds, or is about to. */
      readonly holder: Place;
      /** The last one in the way. When it is gone, it is worth looking again. */
      readonly predecessor: Place;
      /** Whether it is shared holders who hold, and a writer before us who waits for them. */
      readonly isBehindWriter: boolean;
    };

/** In the order in which they came. */
export function inOrder(places: readonly Place[]): Place[] {
  return places.toSorted((a, b) => distance(b, a));
}

/** Those before it, in their order. */
export function ahead(places: readonly Place[], own: Place): Place[] {
  return inOrder(places.filter((place) => distance(place, own) > 0));
}

/** An exclusive place waits for all before it, a shared one for the exclusive ones. */
export function standing(places: readonly Place[], own: Place): Standing {
  const before = ahead(places, own);
  const inTheWay =
    own.mode === "exclusive" ? before : before.filter(({ mode }) => mode === "exclusive");
  const [holder] = inTheWay;
  const predecessor = inTheWay.at(-1);
  if (holder === undefined || predecessor === undefined) return { isFirst: true };
  return { isFirst: false, holder, predecessor, isBehindWriter: holder !== before[0] };
}

/** Those at the front whom nobody stands in the way of. */
export function holders(places: readonly Place[]): Place[] {
  const line = inOrder(places);
  const [first] = line;
  if (first === undefined) return [];
  if (first.mode === "exclusive") return [first];
  const writer = line.findIndex(({ mode }) => mode === "exclusive");
  return writer === -1 ? line : line.slice(0, writer);
}

/**
 * How much later the second one came. The sequence is a signed number of 32 bits that runs over, so
 * it is compared as on a circle: right while those who wait are fewer than two thousand million
 * numbers apart.
 */
function distance(a: Place, b: Place): number {
  return (b.sequence - a.sequence) | 0;
}
