/**
 * A world that can be searched exhaustively. `Global` is what the attempts and the time are at,
 * `Cell` what one node is at; both are plain data. Nodes differ in nothing but their cells.
 */
export interface World<Global, Cell, Tally> {
  readonly global: Global;
  /** One for each node. */
  readonly cells: readonly Cell[];
  /** What may happen to any one node next. */
  messages(global: Global): readonly Message<Global, Cell>[];
  /** What {@link turns} has to know of a node. */
  tally(cell: Cell): Tally;
  /** What the attempts, or the time, may do next. */
  turns(global: Global, tallies: readonly Tally[]): readonly Turn<Global, Cell>[];
  /** What must not be on a node. */
  flaw(cell: Cell): string | undefined;
}

export interface Message<Global, Cell> {
  /** Tells all that the effect depends on, beside the cell: two of the same label are the same. */
  readonly label: string;
  /** `undefined` when nothing comes of it. */
  readonly deliver: (cell: Cell) => Cell | undefined;
  /** What it is afterwards, if that changes. */
  readonly global?: Global;
}

export interface Turn<Global, Cell> {
  readonly label: string;
  readonly global: Global;
  /** A change of all cells; of the same name: the same. */
  readonly change?: { readonly name: string; readonly apply: (cell: Cell) => Cell };
  /** What must not have happened. */
  readonly violation?: string | undefined;
}
