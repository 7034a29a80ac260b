import { record } from "./record.ts";
import { lua } from "./script.ts";

/**
 * ARGV: owner, ttl, fencing token, when it was sent by the nodes' clocks, x or s, who (" CLIENT PID
 * HOST"). All keys or none; never shorter than it was. What the node does not know it grants again, if
 * nobody newer was there.
 */
export const extend: string = lua`
${record}
local owner, ttl, fencingToken, mode = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[5]
if math.abs(ARGV[4] - nowUs) > MAX_SKEW then return {1, 'clock', false, nowUs} end

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
`;
