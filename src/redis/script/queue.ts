import { mostWaiting, racing, turnMs } from "../../quorum/place.ts";
import { lua } from "./script.ts";

/**
 * Those who wait for a resource, for scripts that have `record` before: what this decides,
 * `memory/queue.ts` decides, too.
 */
export const queue: string = lua`
local RACING, TURN, MOST_WAITING = '${racing}', ${turnMs}, ${mostWaiting}
local LINE = '^\n?([wn]) (%S+) (%d+) (%d+) (%l) (%d+) (%S+)'

-- kind: n if it was told that its turn has come.
local function lineOf(kind, id, ttl, mode, since, channel)
  return table.concat({kind, id, whole(now), ttl, mode, since, channel}, ' ')
end

-- Their order is the same on all nodes. (Nodes may compare ids in other ways; two that asked in the same
-- microsecond can wait for a poll then.)
local function isEarlier(since, id, thanSince, thanId)
  since, thanSince = tonumber(since), tonumber(thanSince)
  return since < thanSince or (since == thanSince and id < thanId)
end

-- Puts this line, or nothing, where another one stands from here to there. Returns where it ends.
local function replace(found, from, to, line)
  local before, after = string.sub(found.queue, 1, from - 1), string.sub(found.queue, to + 1)
  if before ~= '' and line ~= '' then line = '\n' .. line end
  if before == '' and line == '' then after = string.sub(after, 2) end
  found.queue = before .. line .. after
  return from - 1 + #line
end

-- The line that begins here: where it ends, and what it says. Those whose time is over go.
local function lineAt(found, from)
  while true do
    local at, to, kind, id, written, ttl, mode, since, channel = string.find(found.queue, LINE, from)
    if not at then return nil end
    if written + ttl >= now then return to, kind, id, written + ttl, mode, since, channel end
    replace(found, from, to, '')
  end
end

-- Where its line begins and ends, if it has one and its time is not over.
local function placeInQueue(found, id)
  local at = string.find(found.queue, ' ' .. id .. ' ', 1, true)
  if not at then return nil end
  local from = math.max(1, at - 2)
  local to, _, found = lineAt(found, from)
  if found == id then return from, to end
end

local function leave(found, id)
  local from, to = placeInQueue(found, id)
  if not from then return end
  replace(found, from, to, '')
  found.isChanged = true
end

-- Who came last finds no room.
local function join(found, kind, id, ttl, mode, since, channel)
  leave(found, id)
  found.isChanged = true
  local line = lineOf(kind, id, ttl, mode, since, channel)
  local from, place, last, count = 1, nil, 1, 0
  while true do
    local to, _, other, _, _, otherSince = lineAt(found, from)
    if not to then break end
    if not place and isEarlier(since, id, otherSince, other) then place = from end
    last, from, count = from, to + 1, count + 1
  end
  if count == MOST_WAITING then
    if not place then return end
    replace(found, last, from - 1, '')
  end
  found.joined = id
  if place == 1 then line = line .. '\n' end
  replace(found, place or from, (place or from) - 1, line)
end

-- Tells those whose turn it is: one who wants to be alone, or all shared ones before it. Who has gone loses
-- its line, and who does not come in time, too. upTo: only those who come before.
local function tell(found, upTo, upToId)
  local isShared, isWriterAhead, from = false, false, 1
  for _, each in ipairs(found.holders) do
    if each.kind == 'x' then return end
    isShared = true
  end
  while true do
    local to, kind, id, till, mode, since, channel = lineAt(found, from)
    if not to or upTo and (id == upToId or not isEarlier(since, id, upTo, upToId)) then return end
    local isWriter = mode == 'x'
    if channel == RACING then
      isWriterAhead = isWriterAhead or isWriter
    else
      if isWriter and isShared or not isWriter and isWriterAhead then return end
      local isHeard = true
      if kind == 'w' then
        found.isChanged = true
        isHeard = redis.pcall('PUBLISH', channel, id) ~= 0
        local ttl = whole(math.min(till - now, TURN))
        local told = lineOf('n', id, ttl, mode, since, channel)
        to = replace(found, from, to, isHeard and told or '')
      end
      if isHeard and isWriter then return end
      isShared = isShared or isHeard
    end
    from = to + 1
  end
end

local function isAwaited(found)
  local from = 1
  while true do
    local to, _, _, _, _, _, channel = lineAt(found, from)
    if not to then return false end
    if channel ~= RACING then return true end
    from = to + 1
  end
end
`;
