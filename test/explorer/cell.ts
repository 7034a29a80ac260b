import type { Claim } from "../../src/core/claim.ts";
import { emptyRecord, isHolder, type NodeRecord } from "../../src/memory/record.ts";
import type { Step } from "../../src/memory/decision.ts";
import { conflicts, share, type Setting } from "./setting.ts";

/** One node, and what the attempts know from it. */
export interface Cell {
  /** Whether it loses data, and whether its clock jumps. */
  readonly isFaulty: boolean;
  readonly offset: number;
  readonly votesFrom: number;
  /** By resource. */
  readonly kept: Readonly<Record<string, Kept>>;
  /** The ballot that was granted to each attempt in the round that counts; 0: none. */
  readonly votes: readonly number[];
  /** Which attempts were granted an extension in the round that counts. */
  readonly extended: readonly boolean[];
  /** Pairs of attempts: the second came after the first here, and with no higher ballot. */
  readonly inversions: readonly (readonly [number, number])[];
  /** How often each message came to something; empty when that does not matter. */
  readonly arrived: Readonly<Record<string, number>>;
}

interface Kept {
  readonly record: NodeRecord;
  readonly until: number;
}

/** Far from 0, which stands for no ballot. */
export const epoch = 50;

const never = Number.MAX_SAFE_INTEGER;

export function firstCells({ nodes, attempts, offsets, faulty }: Setting): Cell[] {
  return Array.from({ length: nodes }, (_, index) => ({
    isFaulty: index < faulty,
    offset: offsets[index] ?? 0,
    votesFrom: 0,
    kept: {},
    votes: attempts.map(() => 0),
    extended: attempts.map(() => false),
    inversions: [],
    arrived: {},
  }));
}

export function clockOf({ offset }: Cell, time: number): number {
  return epoch + time + offset;
}

/**
 * Lets the rules decide, as a server does: on what is alive. What they leave is kept for a while.
 *
 * @param giver who gives back what it has, be its time over.
 * @returns undefined when nothing was granted and nothing changed.
 */
export function decided(
  cell: Cell,
  { resources }: Claim,
  time: number,
  { rules, retention, horizon, maxSkew }: Setting,
  decide: (known: readonly NodeRecord[]) => Step,
  giver?: string,
): { readonly cell: Cell; readonly isGranted: boolean } | undefined {
  const now = clockOf(cell, time);
  const known = resources.map((name) => {
    const kept = cell.kept[name];
    if (kept === undefined || kept.until < now) return emptyRecord;
    return rules.alive(kept.record, now, giver);
  });
  const { answer, records } = decide(known);
  const isGranted = answer.vote === "granted";
  if (!isGranted && records.every((record, index) => record === known[index])) return undefined;
  const written = resources.map((name, index): [string, Kept] => {
    const record = records[index]!;
    const begin = record.ballot > (now + maxSkew) * 1000 ? Math.floor(record.ballot / 1000) : now;
    const last = Math.max(begin, ...record.entries.map((entry) => entry.until));
    // Where time stands still nothing is ever too old.
    const until = horizon === 0 ? never : last + (record.ballot > 0 ? retention : 0);
    return [name, { record, until }];
  });
  const kept = { ...cell.kept, ...Object.fromEntries(written) };
  return { cell: { ...cell, kept: sorted(kept) }, isGranted };
}

/** Notes that an attempt was granted a ballot, and after whom, unless it was in with it already. */
export function voted(before: Cell, after: Cell, index: number, { attempts }: Setting): Cell {
  const me = attempts[index]!;
  const ballot = holdersOf(after, me.resources[0]!).find(
    (each) => each.owner === ownerOf(index),
  )!.fencingToken;
  if (isStanding(before, index, ballot, me.resources)) return after;
  const inversions = attempts.flatMap((other, j): (readonly [number, number])[] => {
    const isBehind = j !== index && share(me, other) && before.votes[j]! >= ballot;
    return isBehind ? [[j, index]] : [];
  });
  const earlier = before.votes[index] === ballot ? before.inversions : withoutPairs(before, index);
  return {
    ...after,
    votes: before.votes.with(index, ballot),
    inversions: [...earlier, ...inversions],
  };
}

/** What the attempt was granted does not count any more. */
export function withoutVotes(cell: Cell, index: number): Cell {
  return { ...cell, votes: cell.votes.with(index, 0), inversions: withoutPairs(cell, index) };
}

/** Drops what time has made void, where clocks do not go back. */
export function settled(cell: Cell, time: number, { rules, jumps, horizon }: Setting): Cell {
  const now = clockOf(cell, time);
  if (horizon === 0) return cell;
  const left = Object.entries(cell.kept).filter(([, kept]) => kept.until >= now);
  const kept =
    jumps > 0
      ? left
      : left.map(([name, { record, until }]): [string, Kept] => [
          name,
          { record: rules.alive(record, now), until },
        ]);
  const votesFrom = jumps === 0 && cell.votesFrom <= now ? 0 : cell.votesFrom;
  return { ...cell, kept: Object.fromEntries(kept), votesFrom };
}

/** Two on one node whose modes do not go together. */
export function flawOf(cell: Cell, { attempts }: Setting): string | undefined {
  for (const name of Object.keys(cell.kept)) {
    const held = holdersOf(cell, name).map(({ owner }) => Number(owner.slice(1)));
    for (const i of held) {
      const rival = held.find((j) => j > i && conflicts(attempts[i]!, attempts[j]!));
      if (rival !== undefined) return `one node holds for a${i} and a${rival} at once`;
    }
  }
  return undefined;
}

export function ownerOf(index: number): string {
  return `a${index}`;
}

function holdersOf({ kept }: Cell, name: string) {
  return (kept[name]?.record.entries ?? []).filter(isHolder);
}

function isStanding(
  cell: Cell,
  index: number,
  ballot: number,
  resources: readonly string[],
): boolean {
  return resources.every((name) =>
    holdersOf(cell, name).some(
      ({ owner, fencingToken }) => owner === ownerOf(index) && fencingToken === ballot,
    ),
  );
}

function withoutPairs({ inversions }: Cell, index: number): Cell["inversions"] {
  return inversions.filter((pair) => !pair.includes(index));
}

function sorted<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
