import { record } from "./record.ts";
import { lua } from "./script.ts";

/**
 * Two keys: the resource's and the node's entry. Writes nothing. Answers with the entry or an empty
 * string, the time in microseconds, the highest ballot, and for each holder its mode, owner, milliseconds
 * left and who it is.
 */
export const inspect: string = lua`${record}
local found, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not found then return {1, 'foreign'} end
local holders = {}
for i, each in ipairs(found.holders) do
  holders[i] = {each.kind, each.id, each.till - now, each.who}
end
return {redis.call('GET', KEYS[2]) or '', nowUs, found.ballot, holders}
`;
