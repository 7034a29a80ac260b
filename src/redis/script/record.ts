import { reading } from "./reading.ts";
import { lua } from "./script.ts";
import { writing } from "./writing.ts";

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
${reading}${writing}
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
