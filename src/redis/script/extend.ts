import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: owner, ttl, fencing token, when it was sent by the nodes' clocks, x or s, who (" CLIENT PID
 * HOST"). A single resource with nobody else in its record, the usual case, is extended on the shortest
 * way. All keys or none; never shorter than it was. What the node does not know it grants again, if
 * nobody newer was there.
 */
const usual: Rules["usual"] = (argument) => lua`
local at = type(value) == 'string' and string.find(value, '\n', 1, true)
if at and not string.find(value, '\n', at + 1, true) then
  local ttl = ${argument(2)}
  local begin = '\n' .. ${argument(5)} .. ' ' .. ${argument(1)} .. ' '
  local isOwn = string.sub(value, at, at + #begin - 1) == begin
  local written, lasting, rest = string.match(value, '^(%d+) (%d+)(.*)', isOwn and at + #begin or 1)
  local ballot = tonumber(string.match(value, '^quorumlock 1 (%d+)'))
  local till = written and written + lasting
  if till and ballot and till >= now and till < now + ttl and ballot <= nowUs + MAX_SKEW then
    local text = string.sub(value, 1, at - 1) .. begin .. string.format(WHOLE, now) .. ' ' .. ttl .. rest
    redis.call('SET', key, text, 'PX', math.max(ttl + RETENTION, LEAST_KEPT) + 1)
    answer = nowUs
  end
end
`;

export const extend: Rules = {
  mayBeUsual: (argument) => lua`math.abs(${argument(4)} - nowUs) <= MAX_SKEW`,
  usual,
  all: lua`
local owner, ttl, mode = ARGV[1], ARGV[2], ARGV[5]
if math.abs(ARGV[4] - nowUs) > MAX_SKEW then return {1, 'clock', false, nowUs} end
${record}
local fencingToken = tonumber(ARGV[3])

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
    lines[#lines + 1] = newLine(mode, owner, ttl, ' ' .. ttl .. ' ' .. ARGV[3] .. ARGV[6] .. ' 0 0')
    raise(lines, mode, fencingToken)
  end
  records[i] = lines
end
for i, key in ipairs(KEYS) do write(key, records[i]) end
return nowUs
`,
};
