import { createHash } from "node:crypto";

/** A script as the server knows it: by its SHA-1. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * One record for each resource, a string of lines under one key:
 *
 *     quorumlock 1
 *     x OWNER UNTIL CLIENT PID HOST     holds it, exclusive
 *     s OWNER UNTIL CLIENT PID HOST     holds it, shared
 *     t OWNER UNTIL                     was released before its acquire came
 *     b OWNER UNTIL                     was robbed by steal or forceRelease
 *     w REQUEST UNTIL                   a writer that waits for shared holders to leave
 *
 * UNTIL is node time in milliseconds, judged by the script with the node's own clock; the key itself
 * expires just after its last line. `memory/record.ts` decides the same.
 */
const record = `
local HEAD = 'quorumlock 1'
local MOST_NOTES = 16
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

-- The lines whose time is not over; nil for foreign data; nil and an error for anything else.
local function read(key)
  local value = redis.pcall('GET', key)
  if not value then return {} end
  if type(value) == 'table' then
    if string.find(value.err, 'WRONGTYPE', 1, true) then return nil end
    return nil, value.err
  end
  if string.sub(value, 1, #HEAD) ~= HEAD then return nil end
  local lines = {}
  for kind, owner, till, who in string.gmatch(value, '\\n(%l) (%S+) (%d+)([^\\n]*)') do
    till = tonumber(till)
    if till >= now then lines[#lines + 1] = {kind, owner, till, who} end
  end
  return lines
end

local function write(key, lines)
  if #lines == 0 then return redis.call('DEL', key) end
  local text, last = {HEAD}, 0
  for i, line in ipairs(lines) do
    text[i + 1] = line[1] .. ' ' .. line[2] .. ' ' .. line[3] .. line[4]
    if line[3] > last then last = line[3] end
  end
  return redis.call('SET', key, table.concat(text, '\\n'), 'PX', last - now + 1)
end

local function holds(line) return line[1] == 'x' or line[1] == 's' end

local function holderOf(lines, owner)
  for _, line in ipairs(lines) do
    if holds(line) and line[2] == owner then return line end
  end
end

local function noLonger(lines, owner, i)
  for _, line in ipairs(lines) do
    if line[1] == 'b' and line[2] == owner then return {i, 'broken'} end
  end
  return {i, 'missing'}
end

-- Adds a note; the newest of a kind stay.
local function note(lines, kind, owner, till)
  local kept, count = {}, 0
  for i = #lines, 1, -1 do
    local line = lines[i]
    local isSame = line[1] == kind
    if isSame then count = count + 1 end
    if not (isSame and (line[2] == owner or count >= MOST_NOTES)) then
      table.insert(kept, 1, line)
    end
  end
  kept[#kept + 1] = {kind, owner, till, ''}
  return kept
end

local function broken(lines)
  local left = {}
  for _, line in ipairs(lines) do
    if holds(line) then
      left[#left + 1] = {'b', line[2], line[3], ''}
    elseif line[1] ~= 'w' then
      left[#left + 1] = line
    end
  end
  return left
end
`;

/** ARGV: owner, ttl, x or s, who, 1 to steal, waiting request or empty, how long it waits. */
export const acquireScript: Script = script(`
local owner, ttl, mode, who, steal = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5] == '1'
local waiter, waitMs = ARGV[6], tonumber(ARGV[7])

local function blocks(line)
  if holds(line) then return line[2] ~= owner and (mode == 'x' or line[1] == 'x') end
  return line[1] == 'w' and mode == 's'
end

-- The one that stands in the way longest, holders before writers; and whether all are readers.
local function obstacle(lines)
  local first, onlyReaders = nil, true
  for _, line in ipairs(lines) do
    if (line[1] == 't' or line[1] == 'b') and line[2] == owner then return 'withdrawn', false end
    if not steal and blocks(line) then
      if line[1] ~= 's' then onlyReaders = false end
      local isStronger = first and holds(line) and not holds(first)
      local isWeaker = first and holds(first) and not holds(line)
      if not first or isStronger or (not isWeaker and line[3] > first[3]) then first = line end
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
    refusal = refusal or {i, reason, first[3] - now, first[1], first[2], first[4]}
  end
  records[i] = {lines, onlyReaders}
end

if refusal then
  for i, key in ipairs(KEYS) do
    if waiter ~= '' and records[i][2] then
      write(key, note(records[i][1], 'w', waiter, now + waitMs))
    end
  end
  return refusal
end

for i, key in ipairs(KEYS) do
  local lines = records[i][1]
  if steal then lines = broken(lines) end
  local left = {}
  for _, line in ipairs(lines) do
    if line[2] ~= owner and line[2] ~= waiter then left[#left + 1] = line end
  end
  left[#left + 1] = {mode, owner, now + ttl, who}
  write(key, left)
end
return 1
`);

/** ARGV: owner, ttl. All keys or none; never shorter than it was. */
export const extendScript: Script = script(`
local owner, till = ARGV[1], now + tonumber(ARGV[2])
local records = {}
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  local line = holderOf(lines, owner)
  if not line then return noLonger(lines, owner, i) end
  if line[3] < till then line[3] = till end
  records[i] = lines
end
for i, key in ipairs(KEYS) do write(key, records[i]) end
return 1
`);

/** ARGV: owner, for how long an acquire of this owner that comes later is refused (0: not). */
export const releaseScript: Script = script(`
local owner, tombstoneMs = ARGV[1], tonumber(ARGV[2])
local refusal = nil
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then
    refusal = refusal or {i, 'foreign'}
  elseif holderOf(lines, owner) then
    local left = {}
    for _, line in ipairs(lines) do
      if not (holds(line) and line[2] == owner) then left[#left + 1] = line end
    end
    write(key, left)
  else
    refusal = refusal or noLonger(lines, owner, i)
    if tombstoneMs > 0 then write(key, note(lines, 't', owner, now + tombstoneMs)) end
  end
end
return refusal or 1
`);

/** One key. */
export const forceReleaseScript: Script = script(`
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
for _, line in ipairs(lines) do
  if holds(line) then
    write(KEYS[1], broken(lines))
    return 1
  end
end
return {1, 'missing'}
`);

/** One key. Writes nothing. Answers with mode, owner, milliseconds left and who, for each holder. */
export const inspectScript: Script = script(`
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
local answer = {}
for _, line in ipairs(lines) do
  if holds(line) then
    answer[#answer + 1] = {line[1], line[2], line[3] - now, line[4]}
  end
end
return answer
`);

function script(body: string): Script {
  const text = record + body;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
