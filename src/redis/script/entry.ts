import { clock, markerEndMs } from "./prelude.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/**
 * Keys: the node's entry; then, to write, the marker of the new entry and that of the known one. Tells the
 * run id of the process, its time in microseconds, the entry or an empty string. With arguments (run id,
 * entry as known, entry to write, the time when that was known, and how long ago that may be) it writes
 * before, if the first two are as they were.
 */
export const entryScript: Script = scriptOf(
  clock,
  lua`
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local text = redis.call('GET', KEYS[1]) or ''
local isAsKnown = #ARGV > 0 and ARGV[1] == runId and ARGV[2] == text
if isAsKnown and math.abs(nowUs - ARGV[4]) <= tonumber(ARGV[5]) then
  text = ARGV[3]
  redis.call('DEL', KEYS[3])
  redis.call('SET', KEYS[1], text)
  redis.call('SET', KEYS[2], '1')
  redis.call('PEXPIREAT', KEYS[2], '${markerEndMs}')
end
return {runId, nowUs, text}
`,
);
