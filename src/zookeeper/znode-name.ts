import { createHash } from "node:crypto";
import type { Mode } from "../core/claim.ts";

/** Longer names are cut, and told apart by a hash: a request has a megabyte at most. */
const longestName = 200;

/**
 * The name of a resource's znode. Distinct strings have distinct names: what could not stand in a
 * path is percent-encoded as in a URL, and a lone surrogate, which has no UTF-8, as `%uD800`.
 */
export function znodeName(resource: string): string {
  const name = Array.from(resource, encoded).join("");
  if (name.length > 0 && name.length <= longestName) return name;
  const digest = createHash("sha256").update(resource, "utf16le").digest("base64url");
  return `${name.slice(0, longestName - digest.length - 1)}~${digest}`;
}

function encoded(character: string): string {
  if (/^[A-Za-z0-9_-]$/.test(character)) return character;
  const unit = character.charCodeAt(0).toString(16).toUpperCase();
  if (!character.isWellFormed()) return `%u${unit}`;
  return /^[~.!*'()]$/.test(character) ? `%${unit}` : encodeURIComponent(character);
}

/** A place in the queue of a resource: an ephemeral sequential znode. */
export interface Place {
  readonly name: string;
  readonly mode: Mode;
  /** Of the try that made it. */
  readonly owner: string;
  /** A signed number of 32 bits that the server appended; after 2^31 - 1 comes -2^31. */
  readonly sequence: number;
}

const letters = { exclusive: "x", shared: "s" } as const;

/** What the server appends the sequence to. */
export function placePrefix(mode: Mode, owner: string): string {
  return `${letters[mode]}-${owner}-`;
}

/** `undefined` for what is not one of ours. */
export function parsePlace(name: string): Place | undefined {
  const [, letter, owner, digits] = /^([xs])-(.+?)-(-\d{9,10}|\d{10})$/.exec(name) ?? [];
  if (owner === undefined || digits === undefined) return undefined;
  const mode = letter === letters.shared ? "shared" : "exclusive";
  return { name, mode, owner, sequence: Number(digits) };
}
