import type { Claim } from "../../src/core/claim.ts";
import type { Step } from "../../src/memory/decision.ts";
import type { NodeRecord } from "../../src/memory/record.ts";
import type { Global } from "./attempt.ts";
import { clockOf, decided, epoch, ownerOf, settled, voted, type Cell } from "./cell.ts";
import type { Setting } from "./setting.ts";
import type { Message } from "./world.ts";

type NodeMessage = Message<Global, Cell>;

/** All that may happen to one node now: what attempts have sent, and what befalls it. */
export function messagesTo(global: Global, setting: Setting): NodeMessage[] {
  const sent = global.attempts.flatMap(({ phase }, index) =>
    phase === "idle" ? [] : messagesOf(global, index, setting),
  );
  const lost = setting.expiry === "any" ? expiries(setting) : [];
  return [...sent, ...lost, ...losses(global, setting), ...jumps(global, setting)];
}

function messagesOf(global: Global, index: number, setting: Setting): NodeMessage[] {
  const { time } = global;
  const { ballots, phase, sent, extension } = global.attempts[index]!;
  const isOver = phase === "ended" || phase === "gone";
  const acquires = ballots.map((ballot, round) => {
    const isCounted = round === ballots.length - 1 && phase !== "gone";
    return acquire({ index, time, ballot, isCounted }, setting);
  });
  const extensions = sent.map((sentAt, round) => {
    const isCounted = extension !== undefined && round === sent.length - 1;
    const token = global.attempts[index]!.token;
    return extend({ index, time, sentAt, token, isCounted, round }, setting);
  });
  const releases = isOver ? setting.tombstones : [];
  return [
    ...acquires,
    ...extensions,
    ...releases.map((tombstoneMs) =>
      release({ index, time, tombstoneMs, wasIssued: phase === "ended" }, setting),
    ),
  ];
}

interface Acquiring {
  readonly index: number;
  readonly time: number;
  readonly ballot: number;
  readonly isCounted: boolean;
}

function acquire({ index, time, ballot, isCounted }: Acquiring, setting: Setting): NodeMessage {
  const { rules, ttl } = setting;
  const claim = claimOf(index, setting);
  const name = `a${index} acquires with ${nameOf(ballot)}`;
  const label = `${at(time)}${name}${isCounted ? "" : " (late)"}`;
  const deliver = (cell: Cell): Cell | undefined =>
    arriving(cell, name, setting, () => {
      const moment = momentOf(cell, time, setting);
      if (moment === undefined) return undefined;
      const decide = (known: readonly NodeRecord[]): Step =>
        rules.acquire(known, claim, { ttlMs: ttl, ballot }, moment);
      const after = decided(cell, claim, time, setting, decide);
      if (after?.isGranted !== true || !isCounted) return after?.cell;
      return voted(cell, after.cell, index, setting);
    });
  return { label, deliver };
}

interface Extending {
  readonly index: number;
  readonly time: number;
  readonly sentAt: number;
  readonly token: number;
  readonly isCounted: boolean;
  readonly round: number;
}

function extend(extending: Extending, setting: Setting): NodeMessage {
  const { index, time, sentAt, token, isCounted, round } = extending;
  const { rules, ttl } = setting;
  const claim = claimOf(index, setting);
  const when = setting.horizon === 0 ? "" : `, sent at t${sentAt - epoch}`;
  const name = `a${index} extends (${round + 1}${when})`;
  const label = `${at(time)}${name} with ${nameOf(token)}${isCounted ? "" : " (late)"}`;
  const terms = { ttlMs: ttl, fencingToken: token, sentAtUs: sentAt * 1000 };
  const deliver = (cell: Cell): Cell | undefined =>
    arriving(cell, name, setting, () => {
      const moment = momentOf(cell, time, setting);
      if (moment === undefined) return undefined;
      const decide = (known: readonly NodeRecord[]): Step =>
        rules.extend(known, claim, terms, moment);
      const after = decided(cell, claim, time, setting, decide);
      if (after?.isGranted !== true || !isCounted) return after?.cell;
      return { ...after.cell, extended: after.cell.extended.with(index, true) };
    });
  return { label, deliver };
}

interface Releasing {
  readonly index: number;
  readonly time: number;
  readonly tombstoneMs: number;
  /** Whether it ever had the lock. */
  readonly wasIssued: boolean;
}

function release(
  { index, time, tombstoneMs, wasIssued }: Releasing,
  setting: Setting,
): NodeMessage {
  const claim = claimOf(index, setting, wasIssued);
  const name = `a${index} releases${tombstoneMs > 0 ? " with tombstone" : ""}`;
  const deliver = (cell: Cell): Cell | undefined =>
    arriving(cell, name, setting, () => {
      const decide = (known: readonly NodeRecord[]): Step =>
        setting.rules.release(known, claim, { tombstoneMs }, clockOf(cell, time));
      const giver = tombstoneMs === 0 ? claim.owner : undefined;
      return decided(cell, claim, time, setting, decide, giver)?.cell;
    });
  return { label: `${at(time)}${name}`, deliver };
}

/** Any entry of any owner, at any time. */
function expiries({ attempts, rules }: Setting): NodeMessage[] {
  return attempts.flatMap((_, index) =>
    (["holder", "withdrawn", "broken"] as const).map((kind): NodeMessage => ({
      label: `${kind === "holder" ? "slot" : kind} of a${index} expires`,
      deliver: (cell) => {
        const kept = Object.entries(cell.kept).map(([name, { record, until }]) => {
          const entries = record.entries.map((entry) =>
            entry.kind === kind && entry.owner === ownerOf(index) ? { ...entry, until: 0 } : entry,
          );
          return [name, { record: rules.alive({ ...record, entries }, epoch), until }];
        });
        return { ...cell, kept: Object.fromEntries(kept) };
      },
    })),
  );
}

function losses(global: Global, { losses: most, setBack, quarantine }: Setting): NodeMessage[] {
  if (most === 0 || global.losses === 0) return [];
  const { time } = global;
  return Array.from({ length: setBack + 1 }, (_, back) => ({
    label: `${at(time)}node forgets all${back > 0 ? `, clock -${back}` : ""}`,
    global: { ...global, losses: global.losses - 1 },
    deliver: (cell) => {
      if (!cell.isFaulty) return undefined;
      const after = { ...cell, kept: {}, offset: cell.offset - back };
      return { ...after, votesFrom: clockOf(after, time) + quarantine };
    },
  }));
}

function jumps(global: Global, setting: Setting): NodeMessage[] {
  if (global.jumps === 0) return [];
  const { time } = global;
  const after = { ...global, jumps: global.jumps - 1 };
  const { jumpsBy, jumpsInOrder } = setting;
  const count = setting.jumps - global.jumps;
  const possible = jumpsInOrder ? jumpsBy.slice(count, count + 1) : jumpsBy;
  return possible.map((by) => ({
    label: `${at(time)}clock jumps by ${by}`,
    global: after,
    deliver: (cell) =>
      cell.isFaulty ? settled({ ...cell, offset: cell.offset + by }, time, setting) : undefined,
  }));
}

/** `undefined` while the node does not vote. */
function momentOf(cell: Cell, time: number, { maxSkew }: Setting) {
  const now = clockOf(cell, time);
  return now < cell.votesFrom ? undefined : { nowUs: now * 1000, maxSkewUs: maxSkew * 1000 };
}

/** Counts how often the message came to something. */
function arriving(
  cell: Cell,
  name: string,
  { deliveries }: Setting,
  deliver: () => Cell | undefined,
): Cell | undefined {
  const count = cell.arrived[name] ?? 0;
  if (count >= deliveries) return undefined;
  const after = deliver();
  if (after === undefined || deliveries === Infinity) return after;
  const arrived = Object.entries({ ...cell.arrived, [name]: count + 1 });
  arrived.sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...after, arrived: Object.fromEntries(arrived) };
}

function claimOf(index: number, { attempts }: Setting, granted = false): Claim {
  const { mode, steal, resources } = attempts[index]!;
  const process = { host: "", pid: 0 };
  return {
    resources,
    mode,
    steal,
    owner: ownerOf(index),
    clientId: "",
    process,
    withdrawn: false,
    granted,
  };
}

/** Ballots and tokens in traces count from the epoch. */
export function nameOf(ballot: number): string {
  return ballot >= 1000 ? `b${ballot / 1000 - epoch}` : `count ${ballot}`;
}

function at(time: number): string {
  return `t${time} `;
}
