import { racing, turnMs } from "../../quorum/place.ts";
import { lua } from "./script.ts";

/** So long a queue may be to have fewer lines than are kept: a line is longer than 50 characters. */
const shortLength = 2_000;

/** Sorts out what a record has: its fields come in any order. `isOdd`: it has more than is usual. */
const sortOut = lua`
local known, kept, queue, field, value, isOdd
for i = 1, #all, 2 do
  local name = all[i]
  if name == HEAD then known = all[i + 1]
  elseif name == 'kept' then kept = all[i + 1]
  elseif name == 'queue' then queue = all[i + 1]
  elseif field or name == 'notes' then isOdd = true
  else field, value = name, all[i + 1] end
end
isOdd = isOdd or not (known and kept and queue) or #known ~= 33 or #kept < 17 or #queue > ${shortLength}
`;

/** A line at the front of the queue that was not told yet, of one who wants to have it alone. */
const first = `'^w (%S+) (%d+) (%d+) x (%d+) (%S+)()'`;

/**
 * The usual cases where somebody waits, for one who waits to have it alone. It finds somebody else there,
 * and goes to the end of the queue; or it is the first in the queue, nobody is there any more, and it is granted.
 */
export const acquireInTurn = (argument: (n: number) => string): string => lua`
${sortOut}
local waiter, since, channel = ${argument(7)}, ${argument(10)}, ${argument(11)}
if isOdd or waiter == '' or ${argument(9)} == '1' or channel == '${racing}' then
  -- Not as usual.
elseif field then
  local holdsUntil, ttl, who = string.match(value, '^(%d+) (%d+)(.*)$')
  local lastId, lastSince = string.match(queue, '(%S+) %d+ %d+ %l (%d+) %S+$')
  local waitsUntil, till = now + ${argument(8)}, holdsUntil and holdsUntil + ttl
  local leastKept = math.max(waitsUntil + RETENTION, now + LEAST_KEPT)
  if ${argument(8)} ~= '0' and string.byte(field) == 88 and string.sub(field, 3) ~= string.sub(${argument(1)}, 3) and
    till and till >= now and lastId and tonumber(lastSince) < tonumber(since) and
    not string.find(queue, ' ' .. waiter .. ' ', 1, true) and leastKept < tonumber(string.sub(kept, 1, 13)) then
    local line = '\nw ' .. waiter .. ' ' .. string.format(WHOLE, now) .. ' ' .. ${argument(8)} .. ' x ' .. since .. ' ' .. channel
    redis.call('HSET', key, 'queue', queue .. line)
    answer = {1, 'held', tonumber(string.sub(known, 1, 16)), nowUs, till - now, 'x', string.sub(field, 3), who}
  end
elseif known < proposed and string.sub(queue, 3, #waiter + 3) == waiter .. ' ' and
  string.match(queue, '^%l %S+ %d+ %d+ %l (%d+)') == since then
  local behind = string.find(queue, '\n', 1, true)
  local rest = behind and string.sub(queue, behind + 1)
  local written, ttl, other
  if rest then written, ttl, other = string.match(rest, '^%l %S+ (%d+) (%d+) %l %d+ (%S+)') end
  if not rest or (other and other ~= '${racing}' and written + ttl >= now) then
    local isKept = kept >= keptText
    local next = (isKept and string.sub(kept, 1, 14) or ${argument(6)} .. ' ') .. known
    local mine = (rest and 'X' or 'x') .. string.sub(${argument(1)}, 2)
    if rest then
      redis.call('HSET', key, HEAD, ballots, 'kept', next, mine, holder, 'queue', rest)
    else
      redis.call('HDEL', key, 'queue')
      redis.call('HSET', key, HEAD, ballots, 'kept', next, mine, holder)
    end
    if not isKept then redis.call('PEXPIREAT', key, ${argument(6)}) end
    answer = rest and -nowUs or nowUs
  end
end
`;

/**
 * The usual case of one who had it alone, while others wait who want the same: it gives it back, and the
 * first of them is told. Perhaps the next one of the same process goes to the end of the queue.
 */
export const releaseInTurn = (argument: (n: number) => string): string => lua`
local all = redis.pcall('HGETALL', key)
if not all.err then
${sortOut}
  local gone, kind, id = ${argument(3)}, ${argument(5)}, ${argument(6)}
  local own, line = ${argument(1)}, ''
  isOdd = isOdd or not field or string.byte(field) ~= 88 or string.sub(field, 2) ~= string.sub(own, 2) or
    (gone ~= '' and string.find(queue, ' ' .. gone .. ' ', 1, true)) or (kind and (kind ~= 'w' or ${argument(8)} ~= 'x'))
  local first, written, ttl, since, channel, behind = nil, 0, 0
  if not isOdd then first, written, ttl, since, channel, behind = string.match(queue, ${first}) end
  local lasts = now + ${turnMs}
  if first and kind then
    local _, lastSince = string.match(queue, '(%S+) %d+ %d+ %l (%d+) %S+$')
    isOdd = string.find(queue, ' ' .. id .. ' ', 1, true) or not lastSince or tonumber(lastSince) >= tonumber(${argument(9)})
    line = '\nw ' .. id .. ' ' .. string.format(WHOLE, now) .. ' ' .. ${argument(7)} .. ' x ' .. ${argument(9)} .. ' ' .. ${argument(10)}
    lasts = math.max(lasts, now + ${argument(7)})
  end
  local till = first and written + ttl
  if first and not isOdd and till >= now and channel ~= '${racing}' and
    lasts + RETENTION < tonumber(string.sub(kept, 1, 13)) and redis.pcall('PUBLISH', channel, first) ~= 0 then
    local told = 'n ' .. first .. ' ' .. string.format(WHOLE, now) .. ' ' ..
      string.format(WHOLE, math.min(till - now, ${turnMs})) .. ' x ' .. since .. ' ' .. channel
    redis.call('HDEL', key, field)
    redis.call('HSET', key, 'queue', told .. string.sub(queue, behind) .. line)
    answer = 1
  end
end
`;
