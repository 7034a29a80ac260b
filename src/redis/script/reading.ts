import { lua } from "./script.ts";

/** Reads a resource's record. `record.ts` says what it looks like. */
export const reading: string = lua`
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
`;
