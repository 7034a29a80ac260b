import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: the holder's field ("x OWNER"), fencing token, ttl, when it was sent by the nodes' clocks, who
 * (" PID HOST"), until when the key stays at least, and until when if it has to stay for longer than it
 * would. All keys or none; never shorter than it was. What the node does not know it grants again, if
 * nobody newer was there. A single resource with nobody else in its record, the usual case, is extended
 * on the shortest way.
 */
export const extend: Rules = {
  ownCount: 2,
  common: (argument) => lua`
local ttl, keptText = ${argument(3)}, ${argument(6)}
local isUsual = math.abs(${argument(4)} - nowUs) <= MAX_SKEW
local ends, begin = now + ttl, string.format(WHOLE, now) .. ' ' .. ttl
local mostBallot = string.format(WHOLE, nowUs + MAX_SKEW)
`,
  usual: (argument) => lua`
local all, field = redis.pcall('HGETALL', key), ${argument(1)}
local known, kept, own
for i = 1, all[6] and not all[7] and 5 or 0, 2 do
  if all[i] == HEAD then known = all[i + 1] elseif all[i] == 'kept' then kept = all[i + 1]
  elseif all[i] == field then own = all[i + 1] end
end
if known and kept and own and #known == 33 and #kept > 16 and string.byte(known, 17) == 32 and
  string.sub(known, 1, 16) <= mostBallot then
  local written, lasting, rest = string.match(own, '^(%d+) (%d+)(.*)')
  local till = written and written + lasting
  if till and till >= now and till < ends then
    if kept >= keptText then
      redis.call('HSET', key, field, begin .. rest)
    else
      redis.call('HSET', key, 'kept', ${argument(7)} .. string.sub(kept, 14), field, begin .. rest)
      redis.call('PEXPIREAT', key, ${argument(7)})
    end
    answer = nowUs
  end
end
`,
  all: lua`
local mode, owner = string.match(ARGV[1], '^(%l) (%S+)')
local ttl = ARGV[3]
if math.abs(ARGV[4] - nowUs) > MAX_SKEW then return {1, 'clock', false, nowUs} end
${record}
local fencingToken = tonumber(ARGV[2])

local function isInTheWay(found)
  for _, each in ipairs(found.holders) do
    if mode == 'x' or each.kind == 'x' then return true end
  end
  return noteOf(found, 't', owner) or noteOf(found, 'b', owner)
end

local records = {}
for i, key in ipairs(KEYS) do
  local found, err = read(key)
  if err then return redis.error_reply(err) end
  if not found then return {i, 'foreign'} end
  local place = placeOf(found, owner)
  local own = found.holders[place or 0]
  if own and own.till < now + ttl then
    drop(found, place)
    add(found, holderOf(own.kind, owner, ttl, own.who), place)
  elseif not own then
    local newest = mode == 'x' and found.ballot or found.exclusive
    if newest > fencingToken or isInTheWay(found) then return noLonger(found, owner, i) end
    add(found, holderOf(mode, owner, ttl, ' ' .. ARGV[2] .. ARGV[5]))
    raise(found, mode, fencingToken)
    -- Somebody has it: what was there before does not come back.
    found.lower, found.lowerExclusive = found.ballot, found.exclusive
  end
  records[i] = found
end
for i, key in ipairs(KEYS) do write(key, records[i], tonumber(ARGV[6])) end
return nowUs
`,
};
