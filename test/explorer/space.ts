import { Catalog } from "./catalog.ts";
import type { Message, Turn, World } from "./world.ts";

/** A step to a neighbour; `node` is -1 for a turn. */
export interface Neighbour {
  /** The cells in the order of the nodes, then the global; valid until the next one is told. */
  readonly row: Int32Array;
  readonly node: number;
  readonly label: string;
  readonly violation: string | undefined;
}

/** What a message does to a node, looked up: the rules are asked once for each message and cell. */
interface CellStep {
  readonly label: string;
  readonly cell: number;
  readonly global: number;
}

interface GlobalStep {
  readonly label: string;
  readonly global: number;
  readonly change: number;
  readonly violation: string | undefined;
}

type Change<Cell> = NonNullable<Turn<unknown, Cell>["change"]>;

/** The states of a world as rows of numbers, and the steps between them. */
export class Space<Global, Cell, Tally> {
  readonly #world: World<Global, Cell, Tally>;
  readonly #globals = new Catalog<Global>();
  readonly #flaws: (string | undefined)[] = [];
  readonly #tallies = new Catalog<Tally>();
  readonly #tallyOf: number[] = [];
  readonly #cells: Catalog<Cell>;
  readonly #messages: Message<Global, Cell>[][] = [];
  readonly #delivered = new Map<string, Map<number, number>>();
  readonly #cellSteps = new Map<number, readonly CellStep[]>();
  readonly #turns = new Map<string, readonly GlobalStep[]>();
  readonly #changes = new Catalog<Change<Cell>>();
  readonly #changed = new Map<number, number>();

  constructor(world: World<Global, Cell, Tally>) {
    this.#world = world;
    this.#cells = new Catalog<Cell>((cell) => {
      this.#flaws.push(world.flaw(cell));
      this.#tallyOf.push(this.#tallies.idOf(world.tally(cell)));
    });
  }

  first(): Int32Array {
    const cells = this.#world.cells.map((cell) => this.#cells.idOf(cell));
    return Int32Array.of(...cells, this.#globals.idOf(this.#world.global));
  }

  forEachNeighbour(row: Int32Array, tell: (neighbour: Neighbour) => void): void {
    const nodeCount = row.length - 1;
    const global = row[nodeCount]!;
    const next = new Int32Array(row);
    for (let node = 0; node < nodeCount; node++) {
      if (row.indexOf(row[node]!) < node) continue;
      for (const step of this.#stepsOf(row[node]!, global)) {
        next.set(row);
        next[node] = step.cell;
        next[nodeCount] = step.global;
        tell({ row: next, node, label: step.label, violation: this.#flaws[step.cell] });
      }
    }
    for (const { label, global: after, change, violation } of this.#turnsOf(row)) {
      next.set(row);
      next[nodeCount] = after;
      if (change >= 0) for (let i = 0; i < nodeCount; i++) next[i] = this.#change(change, row[i]!);
      tell({ row: next, node: -1, label, violation });
    }
  }

  #stepsOf(cell: number, global: number): readonly CellStep[] {
    const key = global * 2 ** 26 + cell;
    const known = this.#cellSteps.get(key);
    if (known !== undefined) return known;
    this.#messages[global] ??= [...this.#world.messages(this.#globals.get(global))];
    const steps = this.#messages[global].flatMap((message): CellStep[] => {
      const after = this.#deliver(message, cell);
      if (after === -1) return [];
      const { label, global: changed } = message;
      return [
        {
          label,
          cell: after,
          global: changed === undefined ? global : this.#globals.idOf(changed),
        },
      ];
    });
    this.#cellSteps.set(key, steps);
    return steps;
  }

  /** -1: nothing comes of it, so not to deliver it allows for more. */
  #deliver({ label, deliver }: Message<Global, Cell>, cell: number): number {
    const known = this.#delivered.get(label) ?? new Map<number, number>();
    this.#delivered.set(label, known);
    const there = known.get(cell);
    if (there !== undefined) return there;
    const after = deliver(this.#cells.get(cell));
    const id = after === undefined ? cell : this.#cells.idOf(after);
    known.set(cell, id === cell ? -1 : id);
    return id === cell ? -1 : id;
  }

  #turnsOf(row: Int32Array): readonly GlobalStep[] {
    const tallies = Array.from(row.subarray(0, -1), (cell) => this.#tallyOf[cell]!);
    const global = row.at(-1)!;
    const key = `${global}:${tallies.toSorted((a, b) => a - b).join()}`;
    const known = this.#turns.get(key);
    if (known !== undefined) return known;
    const turns = this.#world.turns(
      this.#globals.get(global),
      tallies.map((tally) => this.#tallies.get(tally)),
    );
    const steps = turns.map(({ label, global: after, change, violation }): GlobalStep => ({
      label,
      global: this.#globals.idOf(after),
      change: change === undefined ? -1 : this.#changes.idOf(change, change.name),
      violation,
    }));
    this.#turns.set(key, steps);
    return steps;
  }

  #change(change: number, cell: number): number {
    const key = change * 2 ** 26 + cell;
    const known = this.#changed.get(key);
    if (known !== undefined) return known;
    const after = this.#cells.idOf(this.#changes.get(change).apply(this.#cells.get(cell)));
    this.#changed.set(key, after);
    return after;
  }
}
