import { mostSpareTokens } from "../../quorum/relay.ts";
import { queue } from "./queue.ts";
import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: the holder's field ("x OWNER"), the lowest token, the highest ballots when this is the only
 * holder ("BALLOT BALLOT"; empty for shared use), what follows the time in the holder's field (" TTL
 * BALLOT PID HOST"), until when the key stays at least, and until when if it has to stay for longer than
 * it would; then, if it may wait, races or steals, the waiting request or empty, for how long it waits,
 * 1 to steal, since when it waits or empty, and where it is told. Answers with the node's time in
 * microseconds, less than 0 when others wait, or with a refusal: which resource, why, the highest
 * ballot, the time, and who stands in the way.
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

-- Whether one who waits comes first, and does not go together with this one.
local function precedes(id, lineMode, lineSince, lineChannel)
  if since and (id == waiter or not isEarlier(lineSince, id, since, waiter)) then return false end
  if mode == 's' then return lineMode == 'x' end
  return channel ~= RACING and lineChannel ~= RACING
end

-- The one that stands in the way longest; if nobody does, the first in the queue; and whether all who
-- hold it are readers.
local function obstacle(found)
  if noteOf(found, 't', owner) or noteOf(found, 'b', owner) then return 'withdrawn', false end
  if steal then return nil, false end
  local first, onlyReaders = nil, true
  for _, each in ipairs(found.holders) do
    if each.id ~= owner and (mode == 'x' or each.kind == 'x') then
      if each.kind ~= 's' then onlyReaders = false end
      local isLater = not first or each.till > first.till
      if isLater or (each.till == first.till and each.id < first.id) then first = each end
    end
  end
  if first then return first, onlyReaders end
  local from = 1
  while true do
    local to, kind, id, till, lineMode, lineSince, lineChannel = lineAt(found, from)
    if not to then return nil, false end
    if precedes(id, lineMode, lineSince, lineChannel) then
      return {kind = kind, id = id, till = till}, false
    end
    from = to + 1
  end
end

local function ballotProblem(found)
  local own = found.holders[placeOf(found, owner) or 0]
  local isAgain = own and string.match(own.who, '%d+') == top
  if lowest <= found.ballot and not isAgain then return 'stale-ballot' end
  if not fits(found.ballot) then return 'clock' end
end

local records, refusal, highest, isDone = {}, nil, 0, false
for i, key in ipairs(KEYS) do
  local found, err = read(key)
  if err then return redis.error_reply(err) end
  if not found then return {i, 'foreign'} end
  if found.ballot > highest then highest = found.ballot end
  if not steal and channel ~= RACING then tell(found, since, waiter) end
  local first, onlyReaders = obstacle(found)
  if first == 'withdrawn' then
    refusal = refusal or {i, 'withdrawn'}
  elseif first then
    local reason = first.value and 'held' or (mode == 's' and 'writer-waiting' or 'queued')
    refusal = refusal or {i, reason, 0, 0, first.till - now, first.kind, first.id, first.who}
  end
  records[i] = {found, onlyReaders, first}
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
    local found, onlyReaders, first = records[i][1], records[i][2], records[i][3]
    if isWaiting and (channel ~= RACING or onlyReaders) then
      join(found, first and 'w' or 'n', waiter, waitMs, mode, ARGV[10], channel)
    end
    if found.isChanged then write(key, found) end
  end
  refusal[3], refusal[4] = highest, nowUs
  return refusal
end

local isAlone = true
for i, key in ipairs(KEYS) do
  local found = records[i][1]
  local own = placeOf(found, owner)
  found.lower, found.lowerExclusive = ballotsBefore(found, found.holders[own or 0])
  if own then drop(found, own) end
  if steal then rob(found) end
  if waiter ~= '' then leave(found, waiter) end
  local who = string.match(ARGV[4], '^ %d+(.*)$')
  add(found, granted(mode, owner, ttl, who, ballot))
  raise(found, mode, ballot)
  write(key, found, tonumber(ARGV[5]))
  isAlone = isAlone and not isAwaited(found)
end
return isAlone and nowUs or -nowUs
`,
};
