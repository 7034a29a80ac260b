import { queue } from "./queue.ts";
import { record } from "./record.ts";
import { lua } from "./script.ts";

/** One key; ARGV: the owners who are meant. Whose turn it is now is told. */
export const forceRelease: string = lua`${record}${queue}
local found, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not found then return {1, 'foreign'} end
local meant, isAny = {}, false
for _, owner in ipairs(ARGV) do
  meant[owner] = true
  isAny = isAny or placeOf(found, owner)
end
if not isAny then return {1, 'missing'} end
rob(found, meant)
tell(found)
write(KEYS[1], found)
return 1
`;
