import { lua } from "./script.ts";

/**
 * One record for each resource, a hash under one key:
 *
 *     quorumlock 2   BALLOT EXCLUSIVE             the highest ballots that were accepted
 *     kept           UNTIL BALLOT EXCLUSIVE       when it expires; the ballots before the newest grant
 *     x OWNER        TIME TTL BALLOT PID HOST     holds it, exclusive
 *     s OWNER        TIME TTL BALLOT PID HOST     holds it, shared
 *     notes          lines, of those who do not hold it
 *
 *     t OWNER TIME TTL                            was released before its acquire came
 *     b OWNER TIME TTL                            was robbed by steal or forceRelease
 *     w REQUEST TIME TTL MODE SINCE CHANNEL       waits
 *     n REQUEST TIME TTL MODE SINCE CHANNEL       was told that its turn has come
 *
 * While somebody waits, holders stand under `X OWNER` and `S OWNER`: whoever gives back by deleting its
 * field finds nothing to delete, and has the script do it, which tells those who wait.
 *
 * All but the ballots count for TTL milliseconds from TIME, the node's own milliseconds when it was
 * written, as the script judges with the node's own clock. The key expires a retention after the last of
 * them or later, so that the highest ballots are remembered; with a holder in it, after `leastKeptMs` at
 * the earliest. What this decides, `memory/record.ts` decides, too.
 */
export const record: string = lua`
local MOST_NOTES = 16

-- What is written now. rest: its ttl, and who it is.
local function newLine(kind, id, ttl, rest, from)
  local written = from or now
  return {kind = kind, id = id, till = written + ttl, rest = string.format(' %.0f', written) .. rest}
end

-- A grant by this ballot: after the clock was set back, time is at least what the ballots prove.
local function grantLine(kind, id, ttl, rest, ballot)
  local isBehind = ballot > nowUs + MAX_SKEW
  return newLine(kind, id, ttl, rest, isBehind and math.ceil((ballot - MAX_SKEW) / 1000))
end

-- One of those that are in the record; nil for foreign data.
local function lineOf(kind, id, rest)
  local written, ttl, who = string.match(rest, '^ (%d+) (%d+)(.*)')
  if not written then return nil end
  local line = {kind = kind, id = id, till = written + ttl, rest = rest, who = who}
  if kind == 'w' or kind == 'n' then
    local mode, since, channel = string.match(who, '^ (%l) (%d+) (%S+)$')
    if not mode then return nil end
    line.mode, line.since, line.channel = mode, tonumber(since), channel
  end
  return line
end

-- fields: where its holders stand.
local function blank()
  return {ballot = 0, exclusive = 0, lower = 0, lowerExclusive = 0, fields = {}}
end

-- Whose time is not over, and what this owner has; nil for foreign data; nil and an error for anything else.
local function read(key, owner)
  local all = redis.pcall('HGETALL', key)
  if all.err then
    if string.find(all.err, 'WRONGTYPE', 1, true) then return nil end
    return nil, all.err
  end
  local lines, found, isForeign = blank(), {}, false
  if #all == 0 then return lines end
  local function add(kind, id, rest, field)
    local line = lineOf(kind, id, rest)
    if not line then isForeign = true return end
    line.field = field
    found[#found + 1] = line
  end
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    local kind, id = string.match(field, '^([xsXS]) (%S+)$')
    if field == HEAD then
      local ballot, exclusive = string.match(value, '^(%d+) (%d+)$')
      lines.ballot, lines.exclusive = tonumber(ballot), tonumber(exclusive)
    elseif field == 'kept' then
      local keptUntil, lower, lowerExclusive = string.match(value, '^(%d+) (%d+) (%d+)$')
      lines.keptUntil, lines.lower, lines.lowerExclusive = tonumber(keptUntil), tonumber(lower), tonumber(lowerExclusive)
    elseif field == 'notes' then
      for noteKind, noteId, rest in string.gmatch(value, '(%l) (%S+)([^\n]*)') do add(noteKind, noteId, rest) end
    elseif kind then
      lines.fields[field] = true
      add(string.lower(kind), id, ' ' .. value, field)
    else
      return nil
    end
  end
  if isForeign or not lines.ballot or not lines.keptUntil or all[3] == nil then return nil end
  for _, line in ipairs(found) do
    local isOwn = line.id == owner and (line.kind == 'x' or line.kind == 's')
    if line.till >= now or isOwn then lines[#lines + 1] = line end
  end
  return lines
end

local function holds(line) return line.kind == 'x' or line.kind == 's' end

local function whole(number) return string.format('%.0f', number) end

-- Until when the record has to be kept.
local function neededUntil(lines)
  local last, isHeld = now, false
  -- After the clock was set back, time counts from the ballots: they are what it will have to exceed.
  if lines.ballot > nowUs + MAX_SKEW then last = math.floor(lines.ballot / 1000) end
  for _, line in ipairs(lines) do
    if line.till > last then last = line.till end
    isHeld = isHeld or holds(line)
  end
  if lines.ballot > 0 then last = last + RETENTION end
  if isHeld then last = math.max(last, now + LEAST_KEPT) end
  return last + 1
end

-- least: until when it has to be kept whatever it says, or nil.
local function write(key, lines, least)
  if #lines == 0 and lines.ballot == 0 then return redis.call('DEL', key) end
  local needed, keptUntil = math.max(neededUntil(lines), least or 0), lines.keptUntil
  local isKept = keptUntil and keptUntil >= needed
  if not isKept then keptUntil = needed + (keptUntil and KEPT_ON or 0) end
  local notes, isAwaited, gone = {}, false, lines.fields
  for _, line in ipairs(lines) do isAwaited = isAwaited or line.since ~= nil end
  for _, line in ipairs(lines) do
    if holds(line) then
      local field = (isAwaited and string.upper(line.kind) or line.kind) .. ' ' .. line.id
      gone[field] = nil
      if line.field ~= field then redis.call('HSET', key, field, string.sub(line.rest, 2)) end
    else
      notes[#notes + 1] = line.kind .. ' ' .. line.id .. line.rest
    end
  end
  if #notes == 0 then gone.notes = true end
  for field in pairs(gone) do redis.call('HDEL', key, field) end
  if #notes > 0 then redis.call('HSET', key, 'notes', table.concat(notes, '\n')) end
  redis.call('HSET', key, HEAD, whole(lines.ballot) .. ' ' .. whole(lines.exclusive),
    'kept', whole(keptUntil) .. ' ' .. whole(lines.lower) .. ' ' .. whole(lines.lowerExclusive))
  if not isKept then redis.call('PEXPIREAT', key, whole(keptUntil)) end
end

-- These lines under the ballots of others.
local function under(lines, kept)
  for _, name in ipairs({'ballot', 'exclusive', 'lower', 'lowerExclusive', 'keptUntil', 'fields'}) do
    kept[name] = lines[name]
  end
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

-- The ballots without what the owner of this line was granted, if that was the last grant.
local function ballotsBefore(lines, line)
  local ballot, exclusive = lines.ballot, lines.exclusive
  local token = line and tonumber(string.match(line.who, '^ (%d+)'))
  if token == ballot then ballot = lines.lower end
  if token == exclusive then exclusive = lines.lowerExclusive end
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
