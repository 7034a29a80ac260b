import { record } from "./record.ts";
import { lua, scriptOf, type Script } from "./script.ts";

/** ARGV: owner, ttl. All keys or none; never shorter than it was. */
export const extendScript: Script = scriptOf(
  record,
  lua`
local owner, ttl = ARGV[1], ARGV[2]
local records = {}
for i, key in ipairs(KEYS) do
  local lines, err = read(key)
  if err then return redis.error_reply(err) end
  if not lines then return {i, 'foreign'} end
  local line, place = holderOf(lines, owner)
  if not line then return noLonger(lines, owner, i) end
  if line.till < now + ttl then
    lines[place] = newLine(line.kind, owner, ttl, ' ' .. ttl .. line.who)
  end
  records[i] = lines
end
for i, key in ipairs(KEYS) do write(key, records[i]) end
return 1
`,
);
