import { lua } from "./script.ts";

/** Writes what has changed in a record, and keeps it for as long as it is needed. */
export const writing: string = lua`
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
  for i = 1, #gone, 1000 do redis.call('HDEL', key, unpack(gone, i, math.min(i + 999, #gone))) end
  for i = 1, #set, 1000 do redis.call('HSET', key, unpack(set, i, math.min(i + 999, #set))) end
  if not isKept then redis.call('PEXPIREAT', key, whole(keptUntil)) end
end
`;
