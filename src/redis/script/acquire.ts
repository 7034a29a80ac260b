import { mostSpareTokens } from "../../quorum/relay.ts";
import { queue } from "./queue.ts";
import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: the holder's field ("x OWNER"), the ballot, the highest ballots when this is the only holder
 * ("BALLOT BALLOT"; empty for shared use), what follows the time in the holder's field (" TTL BALLOT PID
 * HOST"), until when the key stays at least, and until when if it has to stay for longer than it would; then, if
 * it may wait, races or steals, the waiting request or empty, for how long it waits, 1 to steal, since when it
 * waits or empty, and where it is told. Answers with the node's time in microseconds, less than 0 when others
 * wait, or with a refusal: which resource, why, the highest ballot, the time, and who stands in the way.
 *
 * A single resource that nobody has, for exclusive use, is the usual case, and is granted on the shortest
 * way: its record is not there, or has nothing but ballots, of as many digits as ours.
 */
export const acquire: Rules = {
  ownCount: 1,
  common: (argument) => lua`
local proposed, ballots, keptText = ${argument(2)}, ${argument(3)}, ${argument(5)}
local ballot = tonumber(proposed)
local isUsual = ballots ~= '' and #proposed == 16 and
  ballot >= nowUs - MAX_SKEW and ballot + ${mostSpareTokens} <= nowUs + MAX_SKEW
local holder = string.format(WHOLE, now) .. ${argument(4)}
-- What was found last, and what takes its place, if it may: many have the same.
local lastKnown, lastKept, nextKept, isKept
`,
  usual: (argument) => lua`
local all = redis.pcall('HGETALL', key)
local known, kept = all[2], all[4]
if kept and not all[5] then
  if all[1] ~= HEAD then known, kept = kept, known end
  if known ~= lastKnown or kept ~= lastKept then
    lastKnown, lastKept, nextKept = known, kept, nil
    if #known == 33 and #kept > 16 and string.byte(known, 17) == 32 and known < proposed then
      isKept = kept >= keptText
      nextKept = (isKept and string.sub(kept, 1, 14) or ${argument(6)} .. ' ') .. known
    end
  end
  if nextKept then
    redis.call('HSET', key, HEAD, ballots, 'kept', nextKept, ${argument(1)}, holder)
    if not isKept then redis.call('PEXPIREAT', key, ${argument(6)}) end
    answer = nowUs
  end
elseif not known and not all.err then
  redis.call('HSET', key, HEAD, ballots, 'kept', keptText .. ' 0 0', ${argument(1)}, holder)
  redis.call('PEXPIREAT', key, keptText)
  answer = nowUs
end
`,
  all: lua`
local lowest = tonumber(ARGV[2])
local ttl, top = string.match(ARGV[4], '^ (%d+) (%d+)')
local ballot = tonumber(top)

-- About what the clock says; after the clock was set back, what follows the node's own ballots.
local function fits(highest)
  local most = nowUs
  if highest > nowUs + MAX_SKEW then most = highest end
  return lowest >= nowUs - MAX_SKEW and ballot <= most + MAX_SKEW
end
${record}${queue}
local mode, owner = string.match(ARGV[1], '^(%l) (%S+)')
local waiter = ARGV[7] or ''
local waitMs, steal = ARGV[8], ARGV[9] == '1'
local since, channel = tonumber(ARGV[10] or ''), ARGV[11]
local place = since and {id = waiter, since = since}

-- Whether one who waits comes first, and does not go together with this one.
local function precedes(line)
  if place and (line.id == waiter or not isEarlier(line, place)) then return false end
  if mode == 's' then return line.mode == 'x' end
  return channel ~= RACING and line.channel ~= RACING
end

-- The one that stands in the way longest; if nobody does, the first in the queue; and whether all who
-- hold it are readers.
local function obstacle(lines)
  local first, ahead, onlyReaders = nil, nil, true
  for _, line in ipairs(lines) do
    if (line.kind == 't' or line.kind == 'b') and line.id == owner then return 'withdrawn', false end
    if not steal and holds(line) and line.id ~= owner and (mode == 'x' or line.kind == 'x') then
      if line.kind ~= 's' then onlyReaders = false end
      if not first or line.till > first.till or (line.till == first.till and line.id < first.id) then
        first = line
      end
    end
    if not steal and waits(line) and precedes(line) then
      if not ahead or isEarlier(line, ahead) then ahead = line end
    end
  end
  return first or ahead, first ~= nil and onlyReaders
end

local function ballotProblem(lines)
  local own = holderOf(lines, owner)
  local isAgain = own and string.match(own.who, '%d+') == top
  if lowest <= lines.ballot and not isAgain then return 'stale-ballot' end
  if not fits(lines.ballot) then return 'clock' end
end

local records, refusal, highest, isDone = {}, nil, 0, false
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  if lines.ballot > highest then highest = lines.ballot end
  if not steal and channel ~= RACING then lines = tell(lines, place) end
  local first, onlyReaders = obstacle(lines)
  if first == 'withdrawn' then
    refusal = refusal or {i, 'withdrawn'}
  elseif first then
    local reason = holds(first) and 'held' or (mode == 's' and 'writer-waiting' or 'queued')
    refusal = refusal or {i, reason, 0, 0, first.till - now, first.kind, first.id, first.who}
  end
  records[i] = {lines, onlyReaders, first}
  isDone = isDone or first == 'withdrawn'
end
local isWaiting = refusal and not isDone and waiter ~= '' and waitMs ~= '0'
if not refusal then
  for i in ipairs(KEYS) do
    local problem = ballotProblem(records[i][1])
    if problem then refusal = refusal or {i, problem} end
  end
end

if refusal then
  for i, key in ipairs(KEYS) do
    local lines, onlyReaders, first = records[i][1], records[i][2], records[i][3]
    if isWaiting and (channel ~= RACING or onlyReaders) then
      lines = queueUp(lines, waitingLine(first and 'w' or 'n', waiter, waitMs, mode, ARGV[10], channel))
    end
    if lines.isChanged then write(key, lines) end
  end
  refusal[3], refusal[4] = highest, nowUs
  return refusal
end

local isAlone = true
for i, key in ipairs(KEYS) do
  local lines = records[i][1]
  local lower, lowerExclusive = ballotsBefore(lines, (holderOf(lines, owner)))
  if steal then lines = broken(lines) end
  local left = {}
  for _, line in ipairs(lines) do
    if line.id ~= owner and line.id ~= waiter then left[#left + 1] = line end
  end
  left[#left + 1] = grantLine(mode, owner, ttl, ARGV[4], ballot)
  under(lines, left)
  left.lower, left.lowerExclusive = lower, lowerExclusive
  raise(left, mode, ballot)
  write(key, left, tonumber(ARGV[5]))
  isAlone = isAlone and not isAwaited(left)
end
return isAlone and nowUs or -nowUs
`,
};
