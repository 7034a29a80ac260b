import { lua } from "./script.ts";

/**
 * One record for each resource, a string of lines under one key:
 *
 *     quorumlock 1 BALLOT EXCLUSIVE_BALLOT              the highest that were accepted
 *     x OWNER TIME TTL BALLOT CLIENT PID HOST BEFORE    holds it, exclusive
 *     s OWNER TIME TTL BALLOT CLIENT PID HOST BEFORE    holds it, shared
 *     t OWNER TIME TTL                                  was released before its acquire came
 *     b OWNER TIME TTL                                  was robbed by steal or forceRelease
 *     w REQUEST TIME TTL                                a writer that waits for shared holders
 *
 * A line counts for TTL milliseconds from TIME, the node's own milliseconds when it was written, as the
 * script judges with the node's own clock. BEFORE are the two ballots without it. The key expires a
 * retention after its last line, so that the highest ballots are remembered; with a holder in it, after
 * `leastKeptMs` at the earliest. What this decides, `memory/record.ts` decides, too.
 */
export const record: string = lua`
local HEAD = 'quorumlock 1'
local MOST_NOTES = 16

-- A line that is written now. rest: its ttl, and who it is.
local function newLine(kind, id, ttl, rest, from)
  local written = from or now
  return {kind = kind, id = id, till = written + ttl, rest = string.format(' %.0f', written) .. rest}
end

-- A grant by this ballot: after the clock was set back, time is at least what the ballots prove.
local function grantLine(kind, id, ttl, rest, ballot)
  local isBehind = ballot > nowUs + MAX_SKEW
  return newLine(kind, id, ttl, rest, isBehind and math.ceil((ballot - MAX_SKEW) / 1000))
end

-- The lines whose time is not over, and what this owner has; nil for foreign data; nil and an error for
-- anything else.
local function read(key, owner)
  local value = redis.pcall('GET', key)
  if not value then return {ballot = 0, exclusive = 0} end
  if type(value) == 'table' then
    if string.find(value.err, 'WRONGTYPE', 1, true) then return nil end
    return nil, value.err
  end
  local ballot, exclusive, after = string.match(value, '^quorumlock 1 (%d+) (%d+)(.?)')
  if not ballot or (after ~= '' and after ~= '\n') then return nil end
  local lines = {ballot = tonumber(ballot), exclusive = tonumber(exclusive)}
  for kind, id, rest in string.gmatch(value, '\n(%l) (%S+)([^\n]*)') do
    local written, ttl, who = string.match(rest, ' (%d+) (%d+)(.*)')
    if not written then return nil end
    local till = written + ttl
    local mode, since, channel
    if kind == 'w' or kind == 'n' then
      mode, since, channel = string.match(who, '^ (%l) (%d+) (%S+)$')
      if not mode then return nil end
    end
    if till >= now or (id == owner and (kind == 'x' or kind == 's')) then
      local line = {kind = kind, id = id, till = till, rest = rest, who = who}
      if mode then line.mode, line.since, line.channel = mode, tonumber(since), channel end
      lines[#lines + 1] = line
    end
  end
  return lines
end

local function holds(line) return line.kind == 'x' or line.kind == 's' end

local function whole(number) return string.format('%.0f', number) end

-- isLess: there is nothing new in it, and it stays no longer than it would have.
local function write(key, lines, isLess)
  if #lines == 0 and lines.ballot == 0 then return redis.call('DEL', key) end
  local text = {HEAD .. ' ' .. whole(lines.ballot) .. ' ' .. whole(lines.exclusive)}
  local last, isHeld = now, false
  -- After the clock was set back, time counts from the ballots: they are what it will have to exceed.
  if lines.ballot > nowUs + MAX_SKEW then last = math.floor(lines.ballot / 1000) end
  for i, line in ipairs(lines) do
    text[i + 1] = line.kind .. ' ' .. line.id .. line.rest
    if line.till > last then last = line.till end
    isHeld = isHeld or holds(line)
  end
  if isLess then return redis.call('SET', key, table.concat(text, '\n'), 'KEEPTTL') end
  if lines.ballot > 0 then last = last + RETENTION end
  if isHeld then last = math.max(last, now + LEAST_KEPT) end
  return redis.call('SET', key, table.concat(text, '\n'), 'PX', last - now + 1)
end

-- These lines under the ballots of others.
local function under(lines, kept)
  kept.ballot, kept.exclusive = lines.ballot, lines.exclusive
  return kept
end

local function raise(lines, mode, ballot)
  if ballot > lines.ballot then lines.ballot = ballot end
  if mode == 'x' and ballot > lines.exclusive then lines.exclusive = ballot end
end

local function holderOf(lines, owner)
  for i, line in ipairs(lines) do
    if holds(line) and line.id == owner then return line, i end
  end
end

-- The ballots without what the owner of this line was granted last.
local function ballotsBefore(lines, line)
  local ballot, exclusive = lines.ballot, lines.exclusive
  if line then
    local token, lower, lowerExclusive = string.match(line.who, '^ (%d+).* (%d+) (%d+)$')
    if tonumber(token) == ballot then ballot = tonumber(lower) end
    if tonumber(token) == exclusive then exclusive = tonumber(lowerExclusive) end
  end
  return ballot, exclusive
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
  return under(lines, kept)
end

-- All holders, or those that are meant, become robbed ones. Who waits keeps its place.
local function broken(lines, meant)
  local left = {}
  for _, line in ipairs(lines) do
    if holds(line) and (not meant or meant[line.id]) then
      local rest = string.match(line.rest, '^ %d+ %d+')
      left[#left + 1] = {kind = 'b', id = line.id, till = line.till, rest = rest}
    else
      left[#left + 1] = line
    end
  end
  return under(lines, left)
end
`;
