import { clock } from "./prelude.ts";
import { queue } from "./queue.ts";
import { record } from "./record.ts";
import { lua, type Rules } from "./script.ts";

/**
 * ARGV: the holder's field ("x OWNER"); for how long an acquire of this owner that comes
 * later is refused, if it is to be; if one waits no longer, whose line is dropped, or empty; 1 if this
 * claim was never granted by a quorum: the node forgets that it voted for it; and for one who takes its
 * place in the queue what its line begins with, request, for how long, mode, since when, and where it is
 * told. What was not taken over by others is given back, whether its time is over or not. Whose turn it
 * is now is told. A single resource with nobody else in its record, the usual case, is released on the
 * shortest way.
 */
export const release: Rules = {
  ownCount: 1,
  common: (_, count) => lua`
local isUsual = ${count} == '1'
`,
  usual: (argument) => lua`
if redis.pcall('HDEL', key, ${argument(1)}) == 1 then answer = 1 end
`,
  all: lua`
${clock}
${record}${queue}
local owner, tombstoneMs, gone = string.match(ARGV[1], ' (%S+)'), tonumber(ARGV[2] or 0), ARGV[3]
local wasGranted, nextKind = ARGV[4] ~= '1', ARGV[5]
local refusal = nil
for i, key in ipairs(KEYS) do
  local found, err = read(key, owner)
  if err then return redis.error_reply(err) end
  if not found then
    refusal = refusal or {i, 'foreign'}
  else
    local place = placeOf(found, owner)
    if place then
      local own = found.holders[place]
      if not wasGranted then
        found.ballot, found.exclusive = ballotsBefore(found, own)
        found.isVoted = true
      end
      drop(found, place)
      found.isChanged = true
    else
      refusal = refusal or noLonger(found, owner, i)
    end
    if gone and gone ~= '' then leave(found, gone) end
    -- Where it was refused meanwhile, the line of the one that gives back is there already.
    if nextKind == 'w' or nextKind and not placeInQueue(found, ARGV[6]) then
      join(found, nextKind, ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10])
    end
    tell(found)
    if tombstoneMs > 0 then entomb(found, owner, ARGV[2]) end
    if found.isChanged or tombstoneMs > 0 then write(key, found) end
  end
end
return refusal or 1
`,
};
