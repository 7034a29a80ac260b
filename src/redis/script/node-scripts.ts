import type { Terms } from "../../quorum/entry.ts";
import { acquire } from "./acquire.ts";
import { extend } from "./extend.ts";
import { forceRelease } from "./force-release.ts";
import { inspect } from "./inspect.ts";
import { clock, guard, limits, type Guarding } from "./prelude.ts";
import { release } from "./release.ts";
import { scriptOf, type Script } from "./script.ts";

/** What a node can be asked. */
export type ScriptKind = "acquire" | "extend" | "release" | "forceRelease" | "inspect";

export type NodeScripts = Readonly<Partial<Record<ScriptKind, Script>>>;

/** The scripts that do not vote: any server may run them. */
export function plainScripts(terms: Terms): NodeScripts {
  const begin = limits(terms);
  return {
    release: scriptOf(begin, release),
    forceRelease: scriptOf(begin, clock, forceRelease),
    inspect: scriptOf(begin, clock, inspect),
  };
}

/** The scripts that vote, for one server process and its entry. */
export function votingScripts(guarding: Guarding): NodeScripts {
  const begin = guard(guarding) + limits(guarding.entry.terms);
  return { acquire: scriptOf(begin, acquire), extend: scriptOf(begin, extend) };
}

/** Whether only the process that was looked at may run it. */
export function isVoting(kind: ScriptKind): boolean {
  return kind === "acquire" || kind === "extend";
}
