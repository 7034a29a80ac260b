import { aged, issuedBeside, rivalsOf, withAttempt, type Global } from "./attempt.ts";
import { epoch, settled, withoutVotes, type Cell } from "./cell.ts";
import { nameOf } from "./messages.ts";
import { conflicts, type Setting } from "./setting.ts";
import type { Turn } from "./world.ts";

type AnyTurn = Turn<Global, Cell>;

/** What the attempts know of a node. */
export type Tally = Pick<Cell, "votes" | "extended" | "inversions">;

/** All that the attempts, or the time, may do now. */
export function turnsOf(global: Global, tallies: readonly Tally[], setting: Setting): AnyTurn[] {
  const turns = global.attempts.flatMap((attempt, index): AnyTurn[] => {
    switch (attempt.phase) {
      case "idle":
        return starts(global, index, setting);
      case "acquiring":
        return acquiring(global, index, tallies, setting);
      case "issued":
        return issued(global, index, tallies, setting);
      case "ended":
      case "gone":
        break;
    }
    return [];
  });
  return [...ticks(global, setting), ...turns];
}

function ticks(global: Global, setting: Setting): AnyTurn[] {
  const isQuiet = global.attempts.every(({ phase }) => phase === "idle");
  if (global.time >= setting.horizon || isQuiet) return [];
  const time = global.time + 1;
  const attempts = global.attempts.map((attempt) => aged(attempt, time, setting));
  const apply = (cell: Cell): Cell =>
    attempts.reduce(
      (each, { phase }, i) => (phase === "gone" ? withoutVotes(each, i) : each),
      settled(cell, time, setting),
    );
  const gone = attempts.flatMap(({ phase }, i) => (phase === "gone" ? [i] : []));
  const name = `tick ${time} ${gone.join()}`;
  return [{ label: `t${time}`, global: { ...global, time, attempts }, change: { name, apply } }];
}

function starts(global: Global, index: number, setting: Setting): AnyTurn[] {
  const { attempts } = setting;
  const isTwin = (other: number): boolean =>
    JSON.stringify(attempts[other]) === JSON.stringify(attempts[index]);
  const isEarly = global.attempts.some(
    ({ phase }, other) => other < index && phase === "idle" && isTwin(other),
  );
  return isEarly ? [] : proposals(global, index, setting);
}

/** A round with each ballot that may be proposed and that is above the last one. */
function proposals(global: Global, index: number, setting: Setting): AnyTurn[] {
  const { ballots } = global.attempts[index]!;
  if (ballots.length >= setting.rounds) return [];
  const [least, most] = setting.ballots;
  const all = Array.from({ length: most - least + 1 }, (_, i) => global.time + least + i);
  const above = all.map((each) => (epoch + each) * 1000).filter((b) => b > (ballots.at(-1) ?? 0));
  const after = issuedBeside(global, index, setting);
  return above.map((ballot) => ({
    label: `a${index} starts with ${nameOf(ballot)}`,
    global: withAttempt(global, index, {
      phase: "acquiring",
      startedAt: global.time,
      ballots: [...ballots, ballot],
      after,
    }),
    ...(ballots.length > 0 && { change: voidVotes(index) }),
  }));
}

function acquiring(
  global: Global,
  index: number,
  tallies: readonly Tally[],
  setting: Setting,
): AnyTurn[] {
  const { tombstones, quorum } = setting;
  const turns = proposals(global, index, setting);
  if (tombstones.length > 0) {
    const gone = { phase: "gone", after: [], startedAt: 0 } as const;
    const change = voidVotes(index);
    turns.push({ label: `a${index} gives up`, global: withAttempt(global, index, gone), change });
  }
  const counted = tallies.filter(({ votes }) => votes[index]! > 0);
  if (counted.length >= quorum) turns.push(issue(global, index, tallies, setting));
  return turns;
}

function issue(
  global: Global,
  index: number,
  tallies: readonly Tally[],
  setting: Setting,
): AnyTurn {
  const { after, startedAt } = global.attempts[index]!;
  const token = Math.max(...tallies.map(({ votes }) => votes[index]!));
  // Who does not look at the clock believes in it for a while at least.
  const until = Math.max(startedAt + setting.ttl - setting.margin, global.time + 1);
  const change = { phase: "issued", token, until, after: [], startedAt: 0 } as const;
  const next = withAttempt(global, index, change);
  const violation = disorder(next, index, after, tallies, setting) ?? company(next, index, setting);
  return { label: `a${index} HAS IT, token ${nameOf(token)}`, global: next, violation };
}

/** What is wrong with a token: not unique, not above earlier ones, not as a node saw it. */
function disorder(
  global: Global,
  index: number,
  after: readonly number[],
  tallies: readonly Tally[],
  setting: Setting,
): string | undefined {
  if (!setting.checks.includes("tokens")) return undefined;
  const tokenOf = (i: number): number => global.attempts[i]!.token;
  const mine = tokenOf(index);
  for (const other of issuedBeside(global, index, setting)) {
    if (tokenOf(other) === mine) return `a${other} and a${index} have the same token`;
    if (after.includes(other) && tokenOf(other) > mine) {
      return `a${other} had its token before a${index} started, and it is the larger one`;
    }
    const isPair = (pair: readonly number[]): boolean =>
      pair.includes(other) && pair.includes(index);
    if (tallies.some(({ inversions }) => inversions.some(isPair))) {
      return `a node saw a${other} and a${index} in another order than that of their tokens`;
    }
  }
  return undefined;
}

function company(global: Global, index: number, setting: Setting): string | undefined {
  if (!setting.checks.includes("exclusion")) return undefined;
  const [rival] = rivalsOf(global, index, setting);
  return rival === undefined ? undefined : `a${rival} and a${index} have the lock at once`;
}

function issued(
  global: Global,
  index: number,
  tallies: readonly Tally[],
  setting: Setting,
): AnyTurn[] {
  const turns = extensions(global, index, setting);
  if (setting.tombstones.length > 0) {
    const ended = { phase: "ended", until: 0, extension: undefined } as const;
    turns.push({ label: `a${index} ends`, global: withAttempt(global, index, ended) });
  }
  const { extension, until } = global.attempts[index]!;
  const wonCount = tallies.filter(({ extended }) => extended[index]!).length;
  const longer = (extension?.startedAt ?? 0) + setting.ttl - setting.margin;
  if (extension === undefined || wonCount < setting.quorum || longer <= global.time) return turns;
  const change = { extension: undefined, until: Math.max(until, longer) };
  const after = withAttempt(global, index, change);
  const [newer] = setting.checks.includes("continuity") ? extension.newer : [];
  const violation =
    newer === undefined
      ? company(after, index, setting)
      : `a${index} goes on with a lock that a${newer} had meanwhile`;
  const label = `a${index} HAS IT LONGER`;
  return [...turns, { label, global: after, change: voidExtensions(index), violation }];
}

function extensions(global: Global, index: number, setting: Setting): AnyTurn[] {
  const { sent, token } = global.attempts[index]!;
  if (sent.length >= setting.extensions) return [];
  const newer = issuedBeside(global, index, setting).filter(
    (other) =>
      global.attempts[other]!.token > token &&
      conflicts(setting.attempts[index]!, setting.attempts[other]!),
  );
  return setting.sentOff.map((off) => ({
    label: `a${index} wants to extend`,
    global: withAttempt(global, index, {
      extension: { startedAt: global.time, newer },
      sent: [...sent, epoch + global.time + off],
    }),
    change: voidExtensions(index),
  }));
}

function voidVotes(index: number): NonNullable<AnyTurn["change"]> {
  return { name: `votes of ${index}`, apply: (cell) => withoutVotes(cell, index) };
}

function voidExtensions(index: number): NonNullable<AnyTurn["change"]> {
  const apply = (cell: Cell): Cell => ({ ...cell, extended: cell.extended.with(index, false) });
  return { name: `extension of ${index}`, apply };
}
