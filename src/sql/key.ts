import { createHash } from "node:crypto";

/** What a primary key holds in every database that is supported. */
const mostBytes = 255;
const hashed = "sha256:";
// oxlint-disable-next-line no-control-regex -- a text in PostgreSQL cannot have it
const unstorable = /\0/;

/**
 * The key under which a resource stands in the table: its own name where a database can keep that as it is,
 * else a hash of it, so that distinct strings have distinct keys.
 */
export function keyOf(resource: string): string {
  const isPlain =
    Buffer.byteLength(resource) <= mostBytes &&
    isWellFormed(resource) &&
    !unstorable.test(resource) &&
    !resource.startsWith(hashed);
  if (isPlain) return resource;
  // UTF-16, as it is in memory: UTF-8 would make lone surrogates equal.
  return hashed + createHash("sha256").update(resource, "utf16le").digest("hex");
}

/** Resources in the order in which their rows are locked, and in which answers count them: of their bytes. */
export function inKeyOrder(resources: readonly string[]): string[] {
  return resources
    .map((resource) => ({ resource, key: Buffer.from(keyOf(resource)) }))
    .toSorted((a, b) => a.key.compare(b.key))
    .map(({ resource }) => resource);
}

/** Whether it has no lone surrogates. (`isWellFormed` of strings is there, but not in the types.) */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
