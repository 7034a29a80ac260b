import { queue } from "./queue.ts";
import { record } from "./record.ts";
import { lua } from "./script.ts";

/** One key; ARGV: the owners who are meant. Whose turn it is now is told. */
export const forceRelease: string = lua`${record}${queue}
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
local meant = {}
for _, owner in ipairs(ARGV) do meant[owner] = true end
local found = false
for _, line in ipairs(lines) do found = found or (holds(line) and meant[line.id]) end
if not found then return {1, 'missing'} end
write(KEYS[1], tell(broken(lines, meant)))
return 1
`;
