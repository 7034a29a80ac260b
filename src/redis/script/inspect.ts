import { record } from "./record.ts";
import { lua } from "./script.ts";

/**
 * Two keys: the resource's and the node's entry. Writes nothing. Answers with the entry or an empty
 * string, the time in microseconds, the highest ballot, and for each holder its mode, owner, milliseconds
 * left and who it is.
 */
export const inspect: string = lua`${record}
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
local holders = {}
for _, line in ipairs(lines) do
  if holds(line) then
    holders[#holders + 1] = {line.kind, line.id, line.till - now, line.who}
  end
end
return {redis.call('GET', KEYS[2]) or '', nowUs, lines.ballot, holders}
`;
