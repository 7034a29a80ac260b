import { firstGlobal, type Global } from "./attempt.ts";
import { firstCells, flawOf, type Cell } from "./cell.ts";
import { messagesTo } from "./messages.ts";
import type { Setting } from "./setting.ts";
import { turnsOf, type Tally } from "./turns.ts";
import type { World } from "./world.ts";

/** Attempts, nodes that vote by the rules, and all that can go wrong between them. */
export function lockWorld(setting: Setting): World<Global, Cell, Tally> {
  return {
    global: firstGlobal(setting),
    cells: firstCells(setting),
    messages: (global) => messagesTo(global, setting),
    tally: ({ votes, extended, inversions }) => ({ votes, extended, inversions }),
    turns: (global, tallies) => turnsOf(global, tallies, setting),
    flaw: (cell) => flawOf(cell, setting),
  };
}
