import { lua } from "./script.ts";

/**
 * One record for each resource, a hash under one key:
 *
 *     quorumlock 2   BALLOT EXCLUSIVE             the highest ballots that were accepted
 *     kept           UNTIL BALLOT EXCLUSIVE       when it expires; the ballots before the newest grant
 *     x OWNER        TIME TTL BALLOT PID HOST     holds it, exclusive
 *     s OWNER        TIME TTL BALLOT PID HOST     holds it, shared
 *     notes          lines, of those who may not come in any more
 *       t OWNER TIME TTL                          was released before its acquire came
 *       b OWNER TIME TTL                          was robbed by steal or forceRelease
 *     queue          lines, of those who wait, in their order
 *       w REQUEST TIME TTL MODE SINCE CHANNEL     waits
 *       n REQUEST TIME TTL MODE SINCE CHANNEL     was told that its turn has come
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

local function whole(number) return string.format('%.0f', number) end

-- One that holds it from now on. who: by which ballot, and who that is.
local function holderOf(kind, id, ttl, who, from)
  local written = from or now
  return {kind = kind, id = id, till = written + ttl, who = who, value = whole(written) .. ' ' .. ttl .. who}
end

-- A grant by this ballot: after the clock was set back, time is at least what the ballots prove.
local function granted(kind, id, ttl, who, ballot)
  local isBehind = ballot > nowUs + MAX_SKEW
  return holderOf(kind, id, ttl, who, isBehind and math.ceil((ballot - MAX_SKEW) / 1000))
end

-- Adds the holder that stands under this field; false for foreign data.
local function readHolder(found, field, value, owner)
  local kind, id = string.match(field, '^([xsXS]) (%S+)$')
  local written, ttl, who = string.match(value, '^(%d+) (%d+)(.*)$')
  if not kind or not written then return false end
  local till = written + ttl
  if till >= now or id == owner then
    found.holders[#found.holders + 1] =
      {kind = string.lower(kind), id = id, till = till, who = who, value = value, field = field}
  else
    found.gone[#found.gone + 1] = field
  end
  return true
end

-- Adds those who may not come in any more; false for foreign data.
local function readNotes(found, text)
  for line in string.gmatch(text, '[^\n]+') do
    local kind, id, written, ttl = string.match(line, '^([tb]) (%S+) (%d+) (%d+)$')
    if not kind then return false end
    local till = written + ttl
    if till >= now then found.notes[#found.notes + 1] = {kind = kind, id = id, text = line} end
  end
  found.noted = text
  return true
end

-- Whose time is not over, and what this owner has; nil for foreign data; nil and an error for anything else.
-- gone: fields that are not needed any more; last: until when what is new in it counts; joined: who is new
-- in the queue.
local function read(key, owner)
  local all = redis.pcall('HGETALL', key)
  if all.err then
    if string.find(all.err, 'WRONGTYPE', 1, true) then return nil end
    return nil, all.err
  end
  local found = {ballot = 0, exclusive = 0, lower = 0, lowerExclusive = 0,
    holders = {}, notes = {}, noted = '', queue = '', queued = '', gone = {}, last = 0}
  local ballot, exclusive, keptUntil, lower, lowerExclusive
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    local isOurs = true
    if field == HEAD then
      ballot, exclusive = string.match(value, '^(%d+) (%d+)$')
    elseif field == 'kept' then
      keptUntil, lower, lowerExclusive = string.match(value, '^(%d+) (%d+) (%d+)$')
    elseif field == 'queue' then
      found.queue, found.queued = value, value
    elseif field == 'notes' then
      isOurs = readNotes(found, value)
    else
      isOurs = readHolder(found, field, value, owner)
    end
    if not isOurs then return nil end
  end
  if not all[1] then return found end
  if not ballot or not keptUntil then return nil end
  found.ballot, found.exclusive = tonumber(ballot), tonumber(exclusive)
  found.keptUntil, found.wasBlank = tonumber(keptUntil), found.ballot == 0
  found.lower, found.lowerExclusive = tonumber(lower), tonumber(lowerExclusive)
  return found
end

-- Of those who wait, those in front whose time is over. Others behind them are passed over where they stand.
local function dropOld(found)
  while true do
    local written, ttl, behind = string.match(found.queue, '^%l %S+ (%d+) (%d+)[^\n]*\n?()')
    if not written or written + ttl >= now then return end
    found.queue = string.sub(found.queue, behind)
  end
end

-- Until when the record has to be kept, if it is not kept for longer already.
local function neededUntil(found)
  local last = math.max(now, found.last)
  local at = found.joined and string.find(found.queue, ' ' .. found.joined .. ' ', 1, true)
  if at then
    local written, ttl = string.match(found.queue, '^ %S+ (%d+) (%d+)', at)
    last = math.max(last, written + ttl)
  end
  -- After the clock was set back, time counts from the ballots: they are what it will have to exceed.
  if found.ballot > nowUs + MAX_SKEW then last = math.max(last, math.floor(found.ballot / 1000)) end
  if found.ballot > 0 then
    -- Until now it was kept for what it says, and no longer.
    if found.wasBlank then last = math.max(last, found.keptUntil) end
    last = last + RETENTION
  end
  if found.holders[1] then last = math.max(last, now + LEAST_KEPT) end
  return last + 1
end

-- least: until when it has to be kept whatever it says, or nil.
local function write(key, found, least)
  dropOld(found)
  local holders, queue, gone = found.holders, found.queue, found.gone
  if not holders[1] and not found.notes[1] and queue == '' and found.ballot == 0 then
    return redis.call('DEL', key)
  end
  local needed, keptUntil = math.max(neededUntil(found), least or 0), found.keptUntil
  local isKept = keptUntil and keptUntil >= needed
  if not isKept then keptUntil = needed + (keptUntil and KEPT_ON or 0) end
  local set, notes = {}, {}
  for i, each in ipairs(found.notes) do notes[i] = each.text end
  local noted = table.concat(notes, '\n')
  for _, each in ipairs({{'notes', found.noted, noted}, {'queue', found.queued, queue}}) do
    local field, before, after = each[1], each[2], each[3]
    if after == '' and before ~= '' then gone[#gone + 1] = field end
    if after ~= '' and after ~= before then set[#set + 1], set[#set + 2] = field, after end
  end
  for _, each in ipairs(holders) do
    local field = (queue == '' and each.kind or string.upper(each.kind)) .. ' ' .. each.id
    if each.field ~= field then
      gone[#gone + 1] = each.field
      set[#set + 1], set[#set + 2] = field, each.value
    end
  end
  if found.isVoted or not found.keptUntil then
    set[#set + 1], set[#set + 2] = HEAD, whole(found.ballot) .. ' ' .. whole(found.exclusive)
  end
  if found.isVoted or not isKept then
    local before = whole(found.lower) .. ' ' .. whole(found.lowerExclusive)
    set[#set + 1], set[#set + 2] = 'kept', whole(keptUntil) .. ' ' .. before
  end
  if gone[1] then redis.call('HDEL', key, unpack(gone)) end
  for i = 1, #set, 1000 do redis.call('HSET', key, unpack(set, i, math.min(i + 999, #set))) end
  if not isKept then redis.call('PEXPIREAT', key, whole(keptUntil)) end
end

-- isVoted: the ballots are other ones now.
local function raise(found, mode, ballot)
  if ballot > found.ballot then found.ballot = ballot end
  if mode == 'x' and ballot > found.exclusive then found.exclusive = ballot end
  found.isVoted = true
end

-- Where it stands among the holders, if it does.
local function placeOf(found, owner)
  for i, each in ipairs(found.holders) do
    if each.id == owner then return i end
  end
end

-- Takes away one that holds it.
local function drop(found, place)
  local each = table.remove(found.holders, place)
  if each.field then found.gone[#found.gone + 1] = each.field end
  return each
end

-- The ballots without what this holder was granted, if that was the last grant.
local function ballotsBefore(found, holder)
  local ballot, exclusive = found.ballot, found.exclusive
  local token = holder and tonumber(string.match(holder.who, '^ (%d+)'))
  if token == ballot then ballot = found.lower end
  if token == exclusive then exclusive = found.lowerExclusive end
  return ballot, exclusive
end

local function noteOf(found, kind, id)
  for i, each in ipairs(found.notes) do
    if each.kind == kind and each.id == id then return i end
  end
end

local function noLonger(found, owner, i)
  return {i, noteOf(found, 'b', owner) and 'broken' or 'missing'}
end

-- Adds one that holds it.
local function add(found, holder, place)
  table.insert(found.holders, place or #found.holders + 1, holder)
  found.last = math.max(found.last, holder.till)
end

-- Adds a note of what was released before it came; the newest stay.
local function entomb(found, id, ttl)
  local notes = found.notes
  local known = noteOf(found, 't', id)
  if known then table.remove(notes, known) end
  notes[#notes + 1] = {kind = 't', id = id, text = 't ' .. id .. ' ' .. whole(now) .. ' ' .. ttl}
  found.last = math.max(found.last, now + ttl)
  local count = 0
  for i = #notes, 1, -1 do
    if notes[i].kind == 't' then count = count + 1 end
    if count > MOST_NOTES then table.remove(notes, i) break end
  end
end

-- All holders, or those that are meant, become robbed ones. Who waits keeps its place.
local function rob(found, meant)
  for i = #found.holders, 1, -1 do
    if not meant or meant[found.holders[i].id] then
      local each = drop(found, i)
      local text = 'b ' .. each.id .. ' ' .. string.match(each.value, '^%d+ %d+')
      found.notes[#found.notes + 1] = {kind = 'b', id = each.id, text = text}
    end
  end
end
`;
