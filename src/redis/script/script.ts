import { createHash } from "node:crypto";

/** A script as the server knows it: by its SHA-1. */
export interface Script {
  readonly text: string;
  readonly sha: string;
  /** How a call of it goes over the wire, behind the number of its parts. */
  readonly head: string;
}

/** So that a backslash in a template is one for Lua. */
export const lua: typeof String.raw = String.raw;

/** @param parts Lua, in its order; `record` has to come before what uses it. */
export function scriptOf(...parts: readonly string[]): Script {
  const text = parts.join("");
  const sha = createHash("sha1").update(text).digest("hex");
  return { text, sha, head: `$7\r\nEVALSHA\r\n$${sha.length}\r\n${sha}\r\n` };
}
