import { keptOnMs, leastKeptMs, retentionMs, type Entry, type Terms } from "../../quorum/entry.ts";
import { lua } from "./script.ts";

/** The node's time, in milliseconds; and the same in microseconds, as ballots are. */
export const clock: string = lua`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local nowUs = now * 1000
`;

/**
 * When markers expire: in the year 2200. What is left of that tells what time it is, and that the marker
 * is there, at a third of the price of asking for both.
 */
export const markerEndMs = 7_258_118_400_000;

/** For how long ballots are remembered, and how far from the node's clock they may be. */
export function limits(terms: Terms): string {
  return lua`
local RETENTION, LEAST_KEPT, KEPT_ON = ${retentionMs(terms)}, ${leastKeptMs}, ${keptOnMs}
local MAX_SKEW, HEAD = ${terms.maxSkewMs * 1000}, 'quorumlock 2'
`;
}

export interface ServerKind {
  /** Before Redis 7, other processes can come to know the scripts of this one. */
  readonly asksWho: boolean;
  /** Whether `%d` takes an instant; `%.0f` takes it everywhere, and longer. */
  readonly is64Bit: boolean;
}

export interface Guarding extends ServerKind {
  readonly entry: Entry;
  /** The key that is there as long as the entry is this one. */
  readonly marker: Buffer;
}

/**
 * What scripts that vote begin with. The text is one of its own for each server process and entry: a
 * process to which it was not told, because it is another one, answers NOSCRIPT. One that has lost its
 * data, or was told to wait, has another marker: that is for the script to look for.
 */
export function guard({ entry, marker, asksWho, is64Bit }: Guarding): string {
  const { votesFromUs, processId } = entry;
  const who = lua`
if string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= ${literal(processId)} then
  return {0, 'changed'}
end
`;
  return lua`-- ${processId}
${asksWho ? who : ""}
local left = redis.call('PTTL', ${literal(marker)})
if left < 0 then return {0, 'changed'} end
local now = ${markerEndMs} - left
local nowUs = now * 1000
local WHOLE = ${is64Bit ? "'%d'" : "'%.0f'"}
if nowUs < ${votesFromUs} then return {0, 'waiting', math.ceil((${votesFromUs} - nowUs) / 1000)} end
`;
}

/** Bytes as a string in Lua. */
export function literal(text: string | Buffer): string {
  const escaped = Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w .:,{}[\]-]/.test(character) ? character : `\\${String(byte).padStart(3, "0")}`;
  });
  return `"${escaped.join("")}"`;
}
