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

/**
 * The same rules for one call and for many: the second one answers with a list.
 *
 * @param begin Lua for all calls of a script together; it may answer for them.
 * @param rules Lua that decides on `KEYS` and `ARGV`, and returns the answer.
 */
export function scriptPairOf(begin: string, rules: string): ScriptPair {
  return {
    one: scriptOf(begin, rules),
    many: scriptOf(
      begin,
      lua`
local function decide(KEYS, ARGV)
${rules}
end
local answers, key, value = {}, 1, 1
while ARGV[value] do
  local keys, values = {}, {}
  for i = 1, ARGV[value] do keys[i] = KEYS[key + i - 1] end
  for i = 1, ARGV[value + 1] do values[i] = ARGV[value + 1 + i] end
  key, value = key + #keys, value + 2 + #values
  answers[#answers + 1] = decide(keys, values)
end
return answers
`,
    ),
  };
}

/** @param parts Lua, in its order; `record` has to come before what uses it. */
export function scriptOf(...parts: readonly string[]): Script {
  const text = parts.join("");
  const sha = createHash("sha1").update(text).digest("hex");
  return { text, sha, head: `$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}\r\n` };
}
