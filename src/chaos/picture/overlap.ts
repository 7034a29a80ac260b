import type { Span } from "../record.ts";
import type { Operation } from "./operation.ts";

/** Two that had one resource at the same time, as the lanes show it. */
export interface Overlap extends Span {
  readonly kind: "locks" | "sections";
  readonly resource: string;
  readonly first: Operation;
  readonly second: Operation;
}

interface Hold extends Span {
  readonly operation: Operation;
  readonly isShared: boolean;
}

/** Of each kind so many are looked for. */
export const mostOverlaps = 5_000;

/** Locks that were guaranteed to two, and protected work of two at once: the first 5 000 of each. */
export function overlapsOf(lanes: readonly (readonly Operation[])[]): Overlap[] {
  const locks = new Map<string, Hold[]>();
  const sections = new Map<string, Hold[]>();
  for (const operation of lanes.flat()) {
    const { grant } = operation;
    const isShared = (grant ?? operation.request)?.mode === "shared";
    for (const resource of grant?.resources ?? []) {
      add(locks, resource, { ...spanOf(grant), operation, isShared });
    }
    for (const section of operation.sections) {
      add(sections, section.resource, { ...spanOf(section), operation, isShared });
    }
  }
  return [...overlaps("locks", locks), ...overlaps("sections", sections)].toSorted(
    (a, b) => a.from - b.from,
  );
}

function spanOf(span: Span | undefined): Span {
  return { from: span?.from ?? 0, until: span?.until ?? 0 };
}

function add(holds: Map<string, Hold[]>, resource: string, hold: Hold): void {
  const list = holds.get(resource);
  if (list === undefined) holds.set(resource, [hold]);
  else list.push(hold);
}

function overlaps(kind: Overlap["kind"], holds: ReadonlyMap<string, Hold[]>): Overlap[] {
  const found: Overlap[] = [];
  for (const [resource, list] of holds) {
    let open: Hold[] = [];
    for (const second of list.toSorted((a, b) => a.from - b.from)) {
      open = open.filter(({ until }) => until > second.from);
      for (const first of open) {
        if (first.operation === second.operation || (first.isShared && second.isShared)) continue;
        const span = { from: second.from, until: Math.min(first.until, second.until) };
        if (span.until <= span.from) continue;
        const pair = { first: first.operation, second: second.operation };
        if (found.push({ kind, resource, ...span, ...pair }) >= mostOverlaps) return found;
      }
      open.push(second);
    }
  }
  return found;
}
