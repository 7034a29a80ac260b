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
  /** So many of its values, the first ones, are its own; the others may be the same for many. */
  readonly ownCount: number;
  /**
   * What is the same for all calls that differ by their own values only: Lua that sets `isUsual`, whether
   * a call with one key may be the usual case, and what `usual` needs.
   *
   * @param argument what is `ARGV[n]` for it, not one of the call's own.
   * @param count what is `#ARGV` for it, as a string.
   */
  readonly common: (argument: (n: number) => string, count: string) => string;
  /**
   * The usual case, of a call with one key: Lua that reads `key`, and sets `answer`, or leaves it, if the
   * case is not as usual. Then it must have changed nothing.
   *
   * @param argument what is `ARGV[n]` for it.
   */
  readonly usual: (argument: (n: number) => string) => string;
  /** Lua that decides on `KEYS` and `ARGV`, and returns the answer. */
  readonly all: string;
}

/**
 * The same rules for one call and for many: the second one answers with a list, or with the number that
 * is the answer to all of them.
 *
 * @param begin Lua for all calls of a script together; it may answer for them.
 */
export function scriptPairOf(begin: string, rules: Rules): ScriptPair {
  return { one: scriptOf(begin, forOne(rules)), many: scriptOf(begin, forMany(rules)) };
}

function forOne({ common, usual, all }: Rules): string {
  const argument = (n: number): string => `ARGV[${n}]`;
  return lua`
if not KEYS[2] then
${common(argument, "tostring(#ARGV)")}
  if isUsual then
    local answer
    local key = KEYS[1]
${usual(argument)}
    if answer then return answer end
  end
end
${all}
`;
}

/**
 * ARGV: calls in their order, those with a single key that differ by their own values only as a group:
 * how many keys and values each has, how many calls there are, the values of the first one, the own ones
 * of the others.
 */
function forMany({ ownCount, common, usual, all }: Rules): string {
  const shared = (n: number): string => `ARGV[first + ${n - 1}]`;
  const argument = (n: number): string => (n > ownCount ? shared(n) : `ARGV[own + ${n - 1}]`);
  return lua`
local function decide(KEYS, ARGV)
${all}
end
local answers, same, answerCount, at, from = nil, nil, 0, 0, 1
while ARGV[from] do
  local keyCount, count, first = tonumber(ARGV[from]), ARGV[from + 1], from + 3
  local callCount, own = tonumber(ARGV[from + 2]), first
  from = first + count
${common(shared, "count")}
  for _ = 1, callCount do
    local answer
    local key = KEYS[at + 1]
    if isUsual and keyCount == 1 then
${usual(argument)}
    end
    if not answer then
      local keys, values = {}, {}
      for i = 1, keyCount do keys[i] = KEYS[at + i] end
      for i = 1, count do values[i] = ARGV[(i > ${ownCount} and first or own) + i - 1] end
      answer = decide(keys, values)
    end
    if not answers and answerCount > 0 and answer ~= same then
      answers = {}
      for i = 1, answerCount do answers[i] = same end
    end
    answerCount = answerCount + 1
    if answers then answers[answerCount] = answer else same = answer end
    at, own, from = at + keyCount, from, from + ${ownCount}
  end
  from = from - ${ownCount}
end
return answers or (type(same) == 'table' and {same} or same)
`;
}

/** @param parts Lua, in its order; `record` has to come before what uses it. */
export function scriptOf(...parts: readonly string[]): Script {
  const text = parts.join("");
  const sha = createHash("sha1").update(text).digest("hex");
  return { text, sha, head: `$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}\r\n` };
}
