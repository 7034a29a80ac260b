import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: what the record begins with when this is its only holder ("quorumlock 1 BALLOT BALLOT\nx OWNER ";
 * without its first line for shared use), what follows the time in the line, without the ballots before
 * (" TTL BALLOT CLIENT PID HOST"), the ballot, for how long the key stays; then, if it may wait or steals,
 * the waiting request or empty, how long it waits, and 1 to steal. Answers with the node's time in
 * microseconds, or with a refusal: which resource, why, the highest ballot, the time, and who stands in the
 * way.
 *
 * A single resource that nobody has, for exclusive use, is the usual case, and is granted on the shortest
 * way: its record is not there, or is one line with two numbers of as many digits as the ballot.
 */
const usual: Rules["usual"] = (argument) => lua`
local begin, proposed = ${argument(1)}, ${argument(3)}
local isFree = not value or (#value == 46 and string.sub(value, 1, 13) == 'quorumlock 1 ' and
  string.find(value, ' ', 14, true) == 30 and not string.find(value, '\n', 31, true) and
  #proposed == 16 and string.sub(value, 14, 29) < proposed)
local ballot = isFree and string.byte(begin) ~= 10 and tonumber(proposed)
if ballot and ballot >= nowUs - MAX_SKEW and ballot <= nowUs + MAX_SKEW then
  local before = value and string.sub(value, 13) or ' 0 0'
  local text = begin .. string.format(WHOLE, now) .. ${argument(2)} .. before
  if value then
    redis.call('SET', key, text, 'PX', ${argument(4)})
    answer = nowUs
  elseif redis.call('SET', key, text, 'PX', ${argument(4)}, 'NX') then
    answer = nowUs
  end
end
`;

export const acquire: Rules = {
  usual,
  all: lua`
local ballot = tonumber(ARGV[3])

-- About what the clock says; after the clock was set back, what follows the node's own ballots.
local function fits(highest)
  local most = nowUs
  if highest > nowUs + MAX_SKEW then most = highest end
  return ballot >= nowUs - MAX_SKEW and ballot <= most + MAX_SKEW
end
${record}
local mode, owner = string.match(ARGV[1], '\n(%l) (%S+)')
local ttl, waiter = string.match(ARGV[2], '%d+'), ARGV[5] or ''
local waitMs, steal = ARGV[6], ARGV[7] == '1'

local function blocks(line)
  if holds(line) then return line.id ~= owner and (mode == 'x' or line.kind == 'x') end
  return line.kind == 'w' and mode == 's'
end

-- The one that stands in the way longest, holders before writers; and whether all are readers.
local function obstacle(lines)
  local first, onlyReaders = nil, true
  for _, line in ipairs(lines) do
    if (line.kind == 't' or line.kind == 'b') and line.id == owner then return 'withdrawn', false end
    if not steal and blocks(line) then
      if line.kind ~= 's' then onlyReaders = false end
      local isStronger = first and holds(line) and not holds(first)
      local isWeaker = first and holds(first) and not holds(line)
      if not first or isStronger or (not isWeaker and line.till > first.till) then first = line end
    end
  end
  return first, first ~= nil and onlyReaders
end

local function ballotProblem(lines)
  local own = holderOf(lines, owner)
  local isAgain = own and string.match(own.who, '%d+') == ARGV[3]
  if ballot <= lines.ballot and not isAgain then return 'stale-ballot' end
  if not fits(lines.ballot) then return 'clock' end
end

local records, refusal, highest = {}, nil, 0
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  if lines.ballot > highest then highest = lines.ballot end
  local first, onlyReaders = obstacle(lines)
  if first == 'withdrawn' then
    refusal = refusal or {i, 'withdrawn'}
  elseif first then
    local reason = holds(first) and 'held' or 'writer-waiting'
    refusal = refusal or {i, reason, 0, 0, first.till - now, first.kind, first.id, first.who}
  end
  records[i] = {lines, onlyReaders}
end
if not refusal then
  for i in ipairs(KEYS) do
    local problem = ballotProblem(records[i][1])
    if problem then refusal = refusal or {i, problem} end
  end
end

if refusal then
  for i, key in ipairs(KEYS) do
    if waiter ~= '' and records[i][2] then write(key, note(records[i][1], 'w', waiter, waitMs)) end
  end
  refusal[3], refusal[4] = highest, nowUs
  return refusal
end

for i, key in ipairs(KEYS) do
  local lines = records[i][1]
  if steal then lines = broken(lines) end
  local left = {}
  for _, line in ipairs(lines) do
    if line.id ~= owner and line.id ~= waiter then left[#left + 1] = line end
  end
  local lower, lowerExclusive = ballotsBefore(records[i][1], (holderOf(records[i][1], owner)))
  local rest = ARGV[2] .. ' ' .. whole(lower) .. ' ' .. whole(lowerExclusive)
  left[#left + 1] = grantLine(mode, owner, ttl, rest, ballot)
  under(lines, left)
  raise(left, mode, ballot)
  write(key, left)
end
return nowUs
`,
};
