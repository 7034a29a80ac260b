import { record } from "./record.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/**
 * ARGV: owner, how its line begins ("\nx OWNER "), for how long an acquire of this owner that comes later
 * is refused (0: not); and, if a writer waits no longer, whose note is dropped. A single resource with
 * nobody else in its record, the usual case, is released on the shortest way.
 */
export const releaseScript: Script = scriptOf(
  lua`
if #KEYS == 1 and not ARGV[4] then
  local value = redis.pcall('GET', KEYS[1])
  if type(value) == 'string' then
    if string.find(value, ARGV[2], 13, true) == 13 and not string.find(value, '\n', 14, true) then
      redis.call('DEL', KEYS[1])
      return 1
    end
  end
end
`,
  record,
  lua`
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
    if not isHeld then
      refusal = refusal or noLonger(lines, owner, i)
      if tombstoneMs > 0 then left = note(left, 't', owner, tombstoneMs) end
    end
    if #left ~= #lines or tombstoneMs > 0 then write(key, left) end
  end
end
return refusal or 1
`,
);
