import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: the holder's field ("x OWNER"), fencing token, ttl, when it was sent by the nodes' clocks, who
 * (" PID HOST"), and for how long the key stays at least. All keys or none; never shorter than it was. What
 * the node does not know it grants again, if nobody newer was there. A single resource with nobody else in
 * its record, the usual case, is extended on the shortest way.
 */
export const extend: Rules = {
  ownCount: 2,
  common: (argument) => lua`
local ttl, needed = ${argument(3)}, now + ${argument(6)}
local isUsual = math.abs(${argument(4)} - nowUs) <= MAX_SKEW
local nowText, neededText = string.format(WHOLE, now), string.format(WHOLE, needed)
local mostBallot, ends = string.format(WHOLE, nowUs + MAX_SKEW), now + ttl
`,
  usual: (argument) => lua`
local all, field = redis.pcall('HGETALL', key), ${argument(1)}
local text, own
for i = 1, all[6] and not all[7] and 5 or 0, 2 do
  if all[i] == 'r' then text = all[i + 1] elseif all[i] == field then own = all[i + 1] end
end
if text and own and #text == 60 and string.sub(text, 1, 13) == 'quorumlock 2 ' and
  string.byte(text, 30) == 32 and string.byte(text, 47) == 32 and
  not string.find(text, '\n', 48, true) and string.sub(text, 14, 29) <= mostBallot then
  local written, lasting, rest = string.match(own, '^(%d+) (%d+)(.*)')
  local till = written and written + lasting
  if till and till >= now and till < ends then
    local renewed = nowText .. ' ' .. ttl .. rest
    if string.sub(text, 48) >= neededText then
      redis.call('HSET', key, field, renewed)
    else
      local keptText = string.format(WHOLE, needed + KEPT_ON)
      redis.call('HSET', key, 'r', string.sub(text, 1, 47) .. keptText, field, renewed)
      redis.call('PEXPIREAT', key, keptText)
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

local function isInTheWay(line)
  if holds(line) then return mode == 'x' or line.kind == 'x' end
  return (line.kind == 't' or line.kind == 'b') and line.id == owner
end

local records = {}
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  local line, place = holderOf(lines, owner)
  if line then
    if line.till < now + ttl then
      lines[place] = newLine(line.kind, owner, ttl, ' ' .. ttl .. line.who)
    end
  else
    local newest = mode == 'x' and lines.ballot or lines.exclusive
    if newest > fencingToken then return noLonger(lines, owner, i) end
    for _, other in ipairs(lines) do
      if isInTheWay(other) then return noLonger(lines, owner, i) end
    end
    lines[#lines + 1] = newLine(mode, owner, ttl, ' ' .. ttl .. ' ' .. ARGV[2] .. ARGV[5])
    raise(lines, mode, fencingToken)
    -- Somebody has it: what was there before does not come back.
    lines.lower, lines.lowerExclusive = lines.ballot, lines.exclusive
  end
  records[i] = lines
end
for i, key in ipairs(KEYS) do write(key, records[i]) end
return nowUs
`,
};
