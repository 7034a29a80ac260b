/**
 * The key of a resource. Distinct strings have distinct keys: a string that is not well-formed UTF-16
 * would lose its lone surrogates on the way to UTF-8, so it travels as WTF-8
 * (https://simonsapin.github.io/wtf-8/), which no well-formed string encodes to.
 */
export function keyOf(prefix: string, resource: string): string | Buffer {
  const key = prefix + resource;
  return key.isWellFormed() ? key : wtf8(key);
}

/** Where a node keeps what it is in the quorum: no resource has this byte in its key. */
export function entryKeyOf(prefix: string): Buffer {
  return Buffer.concat([Buffer.from(prefix), Buffer.from([0xff]), Buffer.from("node")]);
}

function wtf8(text: string): Buffer {
  const parts = Array.from(text, (character) => {
    if (character.isWellFormed()) return Buffer.from(character);
    const unit = character.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
  });
  return Buffer.concat(parts);
}
