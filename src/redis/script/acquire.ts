import { record } from "./record.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/**
 * ARGV: the begin of the line ("x OWNER "), the ttl, the rest of the line (" TTL CLIENT PID HOST");
 * then, if it may wait or steals, the waiting request or empty, how long it waits, and 1 to steal. A
 * single free resource, the usual case, is granted on the shortest way.
 */
export const acquireScript: Script = scriptOf(
  lua`
if #KEYS == 1 then
  local t = redis.call('TIME')
  local text = 'quorumlock 1\n' .. ARGV[1] .. t[1] .. ' ' .. t[2] .. ARGV[3]
  if redis.call('SET', KEYS[1], text, 'NX', 'PX', ARGV[2]) then return 1 end
end
`,
  record,
  lua`
local mode, owner = string.match(ARGV[1], '(%l) (%S+)')
local ttl, waiter, waitMs, steal = ARGV[2], ARGV[4] or '', ARGV[5], ARGV[6] == '1'

local function blocks(line)
  if holds(line) then return line.id ~= owner and (mode == 'x' or line.kind == 'x') end
  return line.kind == 'w' and mode == 's'
end

-- The one that stands in the way longest, holders before writers; and whether all are readers.
local function obstacle(lines)
  local first, onlyReaders = nil, true
  for _, line in ipairs(lines) do
    if (line.kind == 't' or line.kind == 'b') and line.id == owner then return 'withdrawn', false end
    if not steal and blocks(line) then
      if line.kind ~= 's' then onlyReaders = false end
      local isStronger = first and holds(line) and not holds(first)
      local isWeaker = first and holds(first) and not holds(line)
      if not first or isStronger or (not isWeaker and line.till > first.till) then first = line end
    end
  end
  return first, first ~= nil and onlyReaders
end

local records, refusal = {}, nil
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  local first, onlyReaders = obstacle(lines)
  if first == 'withdrawn' then
    refusal = refusal or {i, 'withdrawn'}
  elseif first then
    local reason = holds(first) and 'held' or 'writer-waiting'
    refusal = refusal or {i, reason, first.till - now, first.kind, first.id, first.who}
  end
  records[i] = {lines, onlyReaders}
end

if refusal then
  for i, key in ipairs(KEYS) do
    if waiter ~= '' and records[i][2] then write(key, note(records[i][1], 'w', waiter, waitMs)) end
  end
  return refusal
end

for i, key in ipairs(KEYS) do
  local lines = records[i][1]
  if steal then lines = broken(lines) end
  local left = {}
  for _, line in ipairs(lines) do
    if line.id ~= owner and line.id ~= waiter then left[#left + 1] = line end
  end
  left[#left + 1] = newLine(mode, owner, ttl, ARGV[3])
  write(key, left)
end
return 1
`,
);
