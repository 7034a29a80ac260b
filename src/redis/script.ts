import { createHash } from "node:crypto";

/** So that a backslash in a template is one for Lua. */
const lua = String.raw;

/** A script as the server knows it: by its SHA-1. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * One record for each resource, a string of lines under one key:
 *
 *     quorumlock 1
 *     x OWNER SECONDS MICROSECONDS TTL CLIENT PID HOST     holds it, exclusive
 *     s OWNER SECONDS MICROSECONDS TTL CLIENT PID HOST     holds it, shared
 *     t OWNER SECONDS MICROSECONDS TTL                     was released before its acquire came
 *     b OWNER SECONDS MICROSECONDS TTL                     was robbed by steal or forceRelease
 *     w REQUEST SECONDS MICROSECONDS TTL                   a writer that waits for shared holders
 *
 * A line counts for TTL milliseconds from the node's own TIME at which it was written, as the script
 * judges with the node's own clock; the key itself expires with its last line.
 * `memory/record.ts` decides the same.
 */
const record = lua`
local HEAD = 'quorumlock 1'
local MOST_NOTES = 16
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function tillOf(seconds, micros, ttl)
  return seconds * 1000 + math.floor(micros / 1000) + ttl
end

-- A line that is written now. rest: its ttl, and who it is.
local function newLine(kind, id, ttl, rest)
  return {kind = kind, id = id, till = now + ttl, rest = ' ' .. time[1] .. ' ' .. time[2] .. rest}
end

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
  for kind, id, rest in string.gmatch(value, '\n(%l) (%S+)([^\n]*)') do
    local seconds, micros, ttl, who = string.match(rest, ' (%d+) (%d+) (%d+)(.*)')
    local till = tillOf(seconds, micros, ttl)
    if till >= now then
      lines[#lines + 1] = {kind = kind, id = id, till = till, rest = rest, who = who}
    end
  end
  return lines
end

local function write(key, lines)
  if #lines == 0 then return redis.call('DEL', key) end
  local text, last = {HEAD}, 0
  for i, line in ipairs(lines) do
    text[i + 1] = line.kind .. ' ' .. line.id .. line.rest
    if line.till > last then last = line.till end
  end
  return redis.call('SET', key, table.concat(text, '\n'), 'PX', last - now + 1)
end

local function holds(line) return line.kind == 'x' or line.kind == 's' end

local function holderOf(lines, owner)
  for i, line in ipairs(lines) do
    if holds(line) and line.id == owner then return line, i end
  end
end

local function noLonger(lines, owner, i)
  for _, line in ipairs(lines) do
    if line.kind == 'b' and line.id == owner then return {i, 'broken'} end
  end
  return {i, 'missing'}
end

-- Adds a note; the newest of a kind stay.
local function note(lines, kind, id, ttl)
  local kept, count = {}, 0
  for i = #lines, 1, -1 do
    local line = lines[i]
    local isSame = line.kind == kind
    if isSame then count = count + 1 end
    if not (isSame and (line.id == id or count >= MOST_NOTES)) then
      table.insert(kept, 1, line)
    end
  end
  kept[#kept + 1] = newLine(kind, id, ttl, ' ' .. ttl)
  return kept
end

local function broken(lines)
  local left = {}
  for _, line in ipairs(lines) do
    if holds(line) then
      local rest = string.match(line.rest, '^ %d+ %d+ %d+')
      left[#left + 1] = {kind = 'b', id = line.id, till = line.till, rest = rest}
    elseif line.kind ~= 'w' then
      left[#left + 1] = line
    end
  end
  return left
end
`;

/**
 * ARGV: the begin of the line ("x OWNER "), the ttl, the rest of the line (" TTL CLIENT PID HOST");
 * then, if it may wait or steals, the waiting request or empty, how long it waits, and 1 to steal. A
 * single free resource, the usual case, is granted on the shortest way.
 */
export const acquireScript: Script = script(
  lua`
if #KEYS == 1 then
  local t = redis.call('TIME')
  local text = 'quorumlock 1\n' .. ARGV[1] .. t[1] .. ' ' .. t[2] .. ARGV[3]
  if redis.call('SET', KEYS[1], text, 'NX', 'PX', ARGV[2]) then return 1 end
end
`,
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

/** ARGV: owner, ttl. All keys or none; never shorter than it was. */
export const extendScript: Script = script(
  "",
  lua`
local owner, ttl = ARGV[1], ARGV[2]
local records = {}
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  local line, place = holderOf(lines, owner)
  if not line then return noLonger(lines, owner, i) end
  if line.till < now + ttl then
    lines[place] = newLine(line.kind, owner, ttl, ' ' .. ttl .. line.who)
  end
  records[i] = lines
end
for i, key in ipairs(KEYS) do write(key, records[i]) end
return 1
`,
);

/**
 * ARGV: owner, x or s, for how long an acquire of this owner that comes later is refused (0: not). A
 * single resource with nobody else in its record, the usual case, is released on the shortest way.
 */
export const releaseScript: Script = script(
  lua`
if #KEYS == 1 then
  local value = redis.pcall('GET', KEYS[1])
  if type(value) == 'string' then
    local own = '\n' .. ARGV[2] .. ' ' .. ARGV[1] .. ' '
    if string.find(value, own, 13, true) == 13 and not string.find(value, '\n', 14, true) then
      redis.call('DEL', KEYS[1])
      return 1
    end
  end
end
`,
  lua`
local owner, tombstoneMs = ARGV[1], tonumber(ARGV[3])
local refusal = nil
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then
    refusal = refusal or {i, 'foreign'}
  elseif holderOf(lines, owner) then
    local left = {}
    for _, line in ipairs(lines) do
      if not (holds(line) and line.id == owner) then left[#left + 1] = line end
    end
    write(key, left)
  else
    refusal = refusal or noLonger(lines, owner, i)
    if tombstoneMs > 0 then write(key, note(lines, 't', owner, tombstoneMs)) end
  end
end
return refusal or 1
`,
);

/** One key. */
export const forceReleaseScript: Script = script(
  "",
  lua`
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
`,
);

/** One key. Writes nothing. Answers with mode, owner, milliseconds left and who, for each holder. */
export const inspectScript: Script = script(
  "",
  lua`
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
local answer = {}
for _, line in ipairs(lines) do
  if holds(line) then
    answer[#answer + 1] = {line.kind, line.id, line.till - now, line.who}
  end
end
return answer
`,
);

function script(shortcut: string, body: string): Script {
  const text = shortcut + record + body;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
