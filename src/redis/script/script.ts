import { createHash } from "node:crypto";

/** A script as the server knows it: by its SHA-1. */
export interface Script {
  readonly text: string;
  readonly sha: string;
  /** How a call of it goes over the wire, behind the number of its parts. */
  readonly head: string;
}

/** A script for one call, and one that does the same for many. */
export interface ScriptPair {
  readonly one: Script;
  readonly many: Script | undefined;
}

/** So that a backslash in a template is one for Lua. */
export const lua: typeof String.raw = String.raw;

/** What decides on one call. */
export interface Rules {
  /**
   * Whether a call with one key may be the usual case, by its arguments alone: only then is its key
   * looked at.
   *
   * @param argument what is `ARGV[n]` for it.
   * @param count what is `#ARGV` for it.
   */
  readonly mayBeUsual: (argument: (n: number) => string, count: string) => string;
  /**
   * The usual case, of a call with one key: Lua that reads `key` and `value`, the string that the key has,
   * and assigns the answer to `answer`, or leaves it, if the case is not as usual. `value` is false if the
   * key is not there, and may be false or a table if it is something else than a string.
   *
   * @param argument what is `ARGV[n]` for it.
   */
  readonly usual: (argument: (n: number) => string) => string;
  /** Lua that decides on `KEYS` and `ARGV`, and returns the answer. */
  readonly all: string;
}

/** More keys are not read at once: so many values are more than Lua takes. */
const mostReadAtOnce = 1_000;

/**
 * The same rules for one call and for many: the second one answers with a list. It reads all keys at once,
 * and again those that a call before has written.
 *
 * @param begin Lua for all calls of a script together; it may answer for them.
 */
export function scriptPairOf(begin: string, rules: Rules): ScriptPair {
  return { one: scriptOf(begin, forOne(rules)), many: scriptOf(begin, forMany(rules)) };
}

function forOne({ mayBeUsual, usual, all }: Rules): string {
  const argument = (n: number): string => `ARGV[${n}]`;
  return lua`
if not KEYS[2] and ${mayBeUsual(argument, "#ARGV")} then
  local answer
  local key, value = KEYS[1], redis.pcall('GET', KEYS[1])
${usual(argument)}
  if answer then return answer end
end
${all}
`;
}

/** ARGV: for each call how many keys and values it has, and its values. */
function forMany({ mayBeUsual, usual, all }: Rules): string {
  const argument = (n: number): string => `ARGV[from + ${n + 1}]`;
  return lua`
local redis, string, math = redis, string, math
local function decide(KEYS, ARGV)
${all}
end
local found = #KEYS <= ${mostReadAtOnce} and redis.call('MGET', unpack(KEYS))
local written, answers, at, from = {}, {}, 1, 1
while ARGV[from] do
  local answer
  local key, count = KEYS[at], tonumber(ARGV[from + 1])
  if ARGV[from] == '1' and found and not written[key] and ${mayBeUsual(argument, "count")} then
    local value = found[at]
${usual(argument)}
  end
  if answer then
    written[key] = true
    at, from = at + 1, from + 2 + count
  else
    local keys, values = {}, {}
    for i = 1, ARGV[from] do
      keys[i] = KEYS[at + i - 1]
      written[keys[i]] = true
    end
    for i = 1, count do values[i] = ARGV[from + 1 + i] end
    at, from = at + #keys, from + 2 + count
    answer = decide(keys, values)
  end
  answers[#answers + 1] = answer
end
return answers
`;
}

/** @param parts Lua, in its order; `record` has to come before what uses it. */
export function scriptOf(...parts: readonly string[]): Script {
  const text = parts.join("");
  const sha = createHash("sha1").update(text).digest("hex");
  return { text, sha, head: `$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}\r\n` };
}
