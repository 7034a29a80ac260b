import { record } from "./record.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/** One key. */
export const forceReleaseScript: Script = scriptOf(
  record,
  lua`
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
for _, line in ipairs(lines) do
  if holds(line) then
    write(KEYS[1], broken(lines))
    return 1
  end
end
return {1, 'missing'}
`,
);
