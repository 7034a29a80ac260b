import type { Terms } from "../../quorum/entry.ts";
import { acquire } from "./acquire.ts";
import { extend } from "./extend.ts";
import { forceRelease } from "./force-release.ts";
import { inspect } from "./inspect.ts";
import { clock, guard, limits, type Guarding } from "./prelude.ts";
import { release } from "./release.ts";
import { scriptOf, scriptPairOf, type Script, type ScriptPair } from "./script.ts";

/** What a node can be asked. */
export type ScriptKind = "acquire" | "extend" | "release" | "forceRelease" | "inspect";

export type NodeScripts = Readonly<Partial<Record<ScriptKind, ScriptPair>>>;

/** The scripts that do not vote: any server may run them. */
export function plainScripts(terms: Terms): NodeScripts {
  const begin = limits(terms);
  return {
    release: scriptPairOf(begin, release),
    forceRelease: alone(scriptOf(begin, clock, forceRelease)),
    inspect: alone(scriptOf(begin, clock, inspect)),
  };
}

/** For what is asked seldom. */
function alone(one: Script): ScriptPair {
  return { one, many: undefined };
}

/** The scripts that vote, for one server process and its entry. */
export function votingScripts(guarding: Guarding): NodeScripts {
  const begin = guard(guarding) + limits(guarding.entry.terms);
  return { acquire: scriptPairOf(begin, acquire), extend: scriptPairOf(begin, extend) };
}

/** Whether only the process that was looked at may run it. */
export function isVoting(kind: ScriptKind): boolean {
  return kind === "acquire" || kind === "extend";
}
