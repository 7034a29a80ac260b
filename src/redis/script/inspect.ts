import { record } from "./record.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/** One key. Writes nothing. Answers with mode, owner, milliseconds left and who, for each holder. */
export const inspectScript: Script = scriptOf(
  record,
  lua`
local lines, err = read(KEYS[1])
if err then return redis.error_reply(err) end
if not lines then return {1, 'foreign'} end
local answer = {}
for _, line in ipairs(lines) do
  if holds(line) then
    answer[#answer + 1] = {line.kind, line.id, line.till - now, line.who}
  end
end
return answer
`,
);
