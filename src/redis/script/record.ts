import { lua } from "./script.ts";

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
export const record: string = lua`
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
  if value ~= HEAD and string.sub(value, 1, #HEAD + 1) ~= HEAD .. '\n' then return nil end
  local lines = {}
  for kind, id, rest in string.gmatch(value, '\n(%l) (%S+)([^\n]*)') do
    local seconds, micros, ttl, who = string.match(rest, ' (%d+) (%d+) (%d+)(.*)')
    if not seconds then return nil end
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
    if isSame and line.id ~= id then count = count + 1 end
    if not (isSame and (line.id == id or count >= MOST_NOTES)) then
      table.insert(kept, 1, line)
    end
  end
  kept[#kept + 1] = newLine(kind, id, ttl, ' ' .. ttl)
  return kept
end

-- All holders, or those that are meant, become robbed ones; waiting writers start anew.
local function broken(lines, meant)
  local left = {}
  for _, line in ipairs(lines) do
    if holds(line) and (not meant or meant[line.id]) then
      local rest = string.match(line.rest, '^ %d+ %d+ %d+')
      left[#left + 1] = {kind = 'b', id = line.id, till = line.till, rest = rest}
    elseif line.kind ~= 'w' then
      left[#left + 1] = line
    end
  end
  return left
end
`;
