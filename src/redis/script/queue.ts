import { mostWaiting, racing, turnMs } from "../../quorum/place.ts";
import { lua } from "./script.ts";

/**
 * Those who wait for a resource, for scripts that have `record` before: what this decides,
 * `memory/queue.ts` decides, too.
 */
export const queue: string = lua`
local RACING, TURN, MOST_WAITING = '${racing}', ${turnMs}, ${mostWaiting}

local function waits(line) return line.since ~= nil end

-- Their order is the same on all nodes. (Nodes may compare ids in other ways; two that asked in the same
-- microsecond can wait for a poll then.)
local function isEarlier(a, b)
  return a.since < b.since or (a.since == b.since and a.id < b.id)
end

local function waitingLine(kind, id, ttl, mode, since, channel)
  local line = newLine(kind, id, ttl, ' ' .. ttl .. ' ' .. mode .. ' ' .. since .. ' ' .. channel)
  line.mode, line.since, line.channel = mode, tonumber(since), channel
  return line
end

local function queueOf(lines)
  local queue = {}
  for _, line in ipairs(lines) do
    if waits(line) then queue[#queue + 1] = line end
  end
  table.sort(queue, isEarlier)
  return queue
end

-- Tells those whose turn it is: one who wants to be alone, or all shared ones before it. Who has gone loses
-- its line, and who does not come in time, too. upTo: only those who come before.
local function tell(lines, upTo)
  local isShared, isWriterAhead, isAny, changed = false, false, false, {}
  for _, line in ipairs(lines) do
    if line.kind == 'x' then return lines end
    isShared = isShared or line.kind == 's'
    isAny = isAny or waits(line)
  end
  if not isAny then return lines end
  for _, line in ipairs(queueOf(lines)) do
    if upTo and (line.id == upTo.id or not isEarlier(line, upTo)) then break end
    local isWriter = line.mode == 'x'
    if line.channel == RACING then
      isWriterAhead = isWriterAhead or isWriter
    else
      if isWriter and isShared or not isWriter and isWriterAhead then break end
      local isHeard = true
      if line.kind == 'w' then
        lines.isChanged = true
        isHeard = redis.pcall('PUBLISH', line.channel, line.id) ~= 0
        local ttl = whole(math.min(line.till - now, TURN))
        local told = waitingLine('n', line.id, ttl, line.mode, whole(line.since), line.channel)
        changed[line] = isHeard and told or 'gone'
      end
      if isHeard then
        if isWriter then break end
        isShared = true
      end
    end
  end
  if not lines.isChanged then return lines end
  local left = {isChanged = true}
  for _, line in ipairs(lines) do
    local kept = changed[line] or line
    if kept ~= 'gone' then left[#left + 1] = kept end
  end
  return under(lines, left)
end

local function withoutWaiting(lines, id)
  local left = {isChanged = lines.isChanged}
  for _, line in ipairs(lines) do
    if not (waits(line) and line.id == id) then left[#left + 1] = line end
  end
  return under(lines, left)
end

-- With this line, instead of the one that it may have had. Who came last finds no room.
local function queueUp(lines, line)
  local left = withoutWaiting(lines, line.id)
  left[#left + 1] = line
  left.isChanged = true
  local queue = queueOf(left)
  if #queue <= MOST_WAITING then return left end
  return withoutWaiting(left, queue[#queue].id)
end

local function lineWith(lines, id)
  for _, line in ipairs(lines) do
    if waits(line) and line.id == id then return line end
  end
end

local function isAwaited(lines)
  for _, line in ipairs(lines) do
    if waits(line) and line.channel ~= RACING then return true end
  end
end
`;
