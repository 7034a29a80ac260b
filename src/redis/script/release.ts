import { record } from "./record.ts";
import { lua } from "./script.ts";

/**
 * ARGV: owner, how its line begins ("\nx OWNER "), for how long an acquire of this owner that comes later
 * is refused (0: not); and, if a writer waits no longer, whose note is dropped. A single resource with
 * nobody else in its record, the usual case, is released on the shortest way.
 */
export const release: string = lua`
local function isAlive(line, from)
  local seconds, micros, ttl = string.match(line, '^(%d+) (%d+) (%d+)', from)
  return seconds and seconds * 1000 + math.floor(micros / 1000) + ttl >= now
end

if #KEYS == 1 and ARGV[3] == '0' and not ARGV[4] then
  local value = redis.pcall('GET', KEYS[1])
  if type(value) == 'string' then
    local at = string.find(value, '\n', 1, true)
    local isAlone = at and not string.find(value, '\n', at + 1, true)
    local ballot = tonumber(string.match(value, '^quorumlock 1 (%d+)'))
    isAlone = isAlone and ballot and ballot <= nowUs + MAX_SKEW
    if isAlone and string.find(value, ARGV[2], at, true) == at and isAlive(value, at + #ARGV[2]) then
      redis.call('SET', KEYS[1], string.sub(value, 1, at - 1), 'PX', FOR_RETENTION)
      return 1
    end
  end
end
${record}
local owner, tombstoneMs, gone = ARGV[1], tonumber(ARGV[3]), ARGV[4]
local refusal = nil
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then
    refusal = refusal or {i, 'foreign'}
  else
    local isHeld, left = holderOf(lines, owner), {}
    for _, line in ipairs(lines) do
      local isGone = (holds(line) and line.id == owner) or (line.kind == 'w' and line.id == gone)
      if not isGone then left[#left + 1] = line end
    end
    under(lines, left)
    if not isHeld then refusal = refusal or noLonger(lines, owner, i) end
    if tombstoneMs > 0 then left = note(left, 't', owner, tombstoneMs) end
    if #left ~= #lines or tombstoneMs > 0 then write(key, left) end
  end
end
return refusal or 1
`;
