import { FingerprintSet } from "./fingerprint-set.ts";
import { Space, type Neighbour } from "./space.ts";
import type { World } from "./world.ts";

export interface Finding {
  readonly states: number;
  /** How many steps the farthest state is away. */
  readonly depth: number;
  /** What must not be and yet is, and the shortest way to it. */
  readonly violation?: { readonly what: string; readonly trace: readonly string[] };
}

/** Goes through all states of a world, breadth first, until something is wrong. */
export function explore<Global, Cell, Tally>(world: World<Global, Cell, Tally>): Finding {
  const space = new Space(world);
  const seen = new FingerprintSet();
  const rows = new Rows(space.first().length);
  const scratch = new Int32Array(space.first().length);
  let wrong:
    { readonly what: string; readonly label: string; readonly row: Int32Array } | undefined;
  let from = 0;
  const visit = ({ row, label, violation }: Neighbour): void => {
    scratch.set(row);
    sortNodes(scratch);
    if (violation !== undefined) wrong ??= { what: violation, label, row: scratch.slice() };
    else if (seen.add(scratch)) rows.push(scratch, from);
  };
  scratch.set(space.first());
  sortNodes(scratch);
  seen.add(scratch);
  rows.push(scratch, -1);
  for (; from < rows.count && wrong === undefined; from++) {
    space.forEachNeighbour(rows.at(from), visit);
  }
  const states = rows.count;
  if (wrong === undefined) return { states, depth: rows.pathTo(states - 1).length - 1 };
  const path = [...rows.pathTo(from - 1), wrong.row];
  const trace = retrace(space, path, wrong.what);
  return { states, depth: path.length - 1, violation: { what: wrong.what, trace } };
}

/** Goes the way again, with nodes that keep their places. */
function retrace<Global, Cell, Tally>(
  space: Space<Global, Cell, Tally>,
  path: readonly Int32Array[],
  what: string,
): string[] {
  let row = space.first();
  const trace: string[] = [];
  for (const [index, wanted] of path.slice(1).entries()) {
    const isLast = index === path.length - 2;
    let step: { readonly row: Int32Array; readonly text: string } | undefined;
    space.forEachNeighbour(row, (next) => {
      const sorted = next.row.slice();
      sortNodes(sorted);
      const isIt = sorted.every((value, i) => value === wanted[i]);
      if (step !== undefined || !isIt || next.violation !== (isLast ? what : undefined)) return;
      const text = next.node === -1 ? next.label : `${next.label} -> n${next.node}`;
      step = { row: next.row.slice(), text };
    });
    if (step === undefined) throw new Error(`the way is lost after ${trace.join(", ")}`);
    row = step.row;
    trace.push(step.text);
  }
  return trace;
}

/** Nodes are interchangeable: of all orders of their cells, the ascending one stands for all. */
function sortNodes(row: Int32Array): void {
  for (let i = 1; i < row.length - 1; i++) {
    const value = row[i]!;
    let at = i;
    for (; at > 0 && row[at - 1]! > value; at--) row[at] = row[at - 1]!;
    row[at] = value;
  }
}

/** Rows of the same length, one behind the other, and from which one each was reached. */
class Rows {
  readonly #width: number;
  #cells: Int32Array;
  #parents = new Int32Array(1024);
  count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#cells = new Int32Array(1024 * width);
  }

  push(row: Int32Array, parent: number): void {
    if (this.count === this.#parents.length) {
      this.#cells = doubled(this.#cells);
      this.#parents = doubled(this.#parents);
    }
    this.#cells.set(row, this.count * this.#width);
    this.#parents[this.count++] = parent;
  }

  at(index: number): Int32Array {
    return this.#cells.slice(index * this.#width, (index + 1) * this.#width);
  }

  pathTo(index: number): Int32Array[] {
    const path: Int32Array[] = [];
    for (let at = index; at >= 0; at = this.#parents[at]!) path.push(this.at(at));
    return path.toReversed();
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(array.length * 2);
  more.set(array);
  return more;
}
